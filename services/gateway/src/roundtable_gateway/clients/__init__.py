"""The gRPC clients of store and runner: the wire's messages <-> the domain's types."""
