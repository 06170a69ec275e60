"""What is done with permits, by whom and when: one function for every verb."""
