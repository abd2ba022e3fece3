"""The terminal client and the local launcher."""
