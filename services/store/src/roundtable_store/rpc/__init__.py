"""The store's gRPC room: servicers, and the way between protobuf and records."""
