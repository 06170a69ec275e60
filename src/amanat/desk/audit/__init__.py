"""The event log, and the one door through which everything that changes passes."""
