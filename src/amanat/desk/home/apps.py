"""The app `home`."""

from django.apps import AppConfig


class Home(AppConfig):
    """Today and search."""

    name = "amanat.desk.home"
    label = "home"
