"""Bodies of requests and responses, where the domain's own classes don't fit."""
