"""The app `audit`."""

from django.apps import AppConfig


class Audit(AppConfig):
    """The event log."""

    name = "amanat.desk.audit"
    label = "audit"
