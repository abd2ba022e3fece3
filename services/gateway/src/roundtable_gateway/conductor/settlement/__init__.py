"""How an answer becomes what the log is told, a module for each kind of turn."""
