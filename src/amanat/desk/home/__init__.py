"""Today: what waits for me. Search. No tables."""
