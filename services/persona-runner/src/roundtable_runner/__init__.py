"""The only service with the Claude CLI."""
