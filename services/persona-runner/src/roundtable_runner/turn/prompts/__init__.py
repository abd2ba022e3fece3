"""What models are told, a module for each kind of turn."""
