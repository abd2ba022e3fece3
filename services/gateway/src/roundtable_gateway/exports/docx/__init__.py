"""A run as a Word document."""
