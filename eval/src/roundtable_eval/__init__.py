"""The evaluation kit: what a panel finds that a plain reader does not, measured."""
