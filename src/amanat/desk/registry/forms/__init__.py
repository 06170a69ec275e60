"""What people type in the registry, by noun."""
