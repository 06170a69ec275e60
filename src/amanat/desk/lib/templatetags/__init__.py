"""Tags and filters, registered as built in (settings.TEMPLATES)."""
