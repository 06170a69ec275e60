"""The app `permits`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Permits(AppConfig):
    """Permission and advice."""

    name = "amanat.desk.permits"
    label = "permits"
    verbose_name = _("Permits")
