"""Permission and advice."""
