"""What is typed of circulars, by noun."""
