"""Readers: bytes of a source -> model, pure functions; one file a wire format."""
