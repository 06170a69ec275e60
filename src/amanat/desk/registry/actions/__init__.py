"""What changes the registry, by noun; every function passes the one door."""
