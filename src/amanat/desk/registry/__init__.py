"""Offices, people, their posts, and the channels and groups that offices answer for."""
