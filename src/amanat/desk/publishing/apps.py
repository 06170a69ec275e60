"""The app `publishing`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Publishing(AppConfig):
    """Publishing: drafts, panels, release, correction, cadence."""

    name = "amanat.desk.publishing"
    label = "publishing"
    verbose_name = _("Publishing")
