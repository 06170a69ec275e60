"""The pages of publishing, by noun."""
