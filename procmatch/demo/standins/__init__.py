"""Stand-ins: local servers that behave like the live sources, traps included."""
