"""What is done with circulars, by noun: the only writers."""
