"""HTTP and SSE to the browser, gRPC to runner and store."""
