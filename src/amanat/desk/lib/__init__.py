"""Plain helpers: no tables, no app."""
