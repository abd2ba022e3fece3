"""What the gateway calls: the services, and the attempts they keep."""
