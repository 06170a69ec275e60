"""The app `registry`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Registry(AppConfig):
    """Offices, people, channels."""

    name = "amanat.desk.registry"
    label = "registry"
    verbose_name = _("Registry")
