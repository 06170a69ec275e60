"""What is typed in permits."""
