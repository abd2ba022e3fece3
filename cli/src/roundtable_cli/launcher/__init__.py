"""The local launcher: starts the three services, keeps them running, stops them."""
