"""The Claude CLI: accounts, its environment, its processes, and turns run on it."""
