"""The panel process as pure functions: no input or output, no clock, no chance."""
