"""A run as one HTML file that stands alone."""
