"""Pages of permits."""
