"""The core: what a turn asks, how its answer is read, and what is told of it."""
