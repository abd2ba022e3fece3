"""What a review looks like in a terminal."""
