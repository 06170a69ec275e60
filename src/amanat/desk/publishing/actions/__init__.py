"""What is done in publishing, by noun."""
