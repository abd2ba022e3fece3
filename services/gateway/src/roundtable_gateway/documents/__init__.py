"""Documents: upload limits, extraction in a child process, numbered paragraphs."""
