"""The figures: pure functions over samples, each a frozen dataclass."""
