"""What bodies and answers look like: typed, closed, and the source of the OpenAPI schemas."""
