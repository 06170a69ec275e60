"""The pages of circulars, by noun."""
