"""The app `circulars`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Circulars(AppConfig):
    """Circulars: letters sent to many, endorsed onward and acknowledged."""

    name = "amanat.desk.circulars"
    label = "circulars"
    verbose_name = _("Circulars")
