"""Pages of the rules, by noun."""
