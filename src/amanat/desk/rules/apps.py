"""The app `rules`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Rules(AppConfig):
    """The check, clause pages, documents."""

    name = "amanat.desk.rules"
    label = "rules"
    verbose_name = _("Rules")
