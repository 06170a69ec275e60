"""The rules for people to read: the private check, clause pages, official documents, grades."""
