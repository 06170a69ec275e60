"""Offices, people and channels from spreadsheets: read, checked and planned here; written in `actions.imports`."""
