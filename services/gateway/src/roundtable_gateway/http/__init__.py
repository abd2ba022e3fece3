"""The HTTP contract: routes, problems, events and the page."""
