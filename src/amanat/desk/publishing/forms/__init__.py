"""What is typed in publishing, by noun."""
