"""What `roundtable doctor` looks at, and how each fault is mended."""
