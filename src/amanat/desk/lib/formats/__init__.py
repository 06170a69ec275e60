"""How dates and times are written, language by language (Django's FORMAT_MODULE_PATH)."""
