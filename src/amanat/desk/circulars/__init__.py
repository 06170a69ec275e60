"""Circulars: letters sent to many, endorsed onward and acknowledged."""
