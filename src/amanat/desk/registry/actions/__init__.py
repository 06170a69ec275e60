"""What changes in the registry, by noun: one function for each verb."""
