"""The commands: read options, call what does the work, choose the exit code."""
