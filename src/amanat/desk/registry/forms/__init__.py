"""What people fill in about the registry, by noun."""
