"""Pages of publishing, by noun."""
