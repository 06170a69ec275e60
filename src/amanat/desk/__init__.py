"""The desk: the Django workspace where offices work. The library's first client."""
