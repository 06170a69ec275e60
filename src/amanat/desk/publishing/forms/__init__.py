"""The forms of publishing, by noun."""
