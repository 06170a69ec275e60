"""Addresses of the check and of the rules."""

from django.urls import path

from amanat.desk.rules import views

app_name = "rules"
urlpatterns = [
    path("", views.check, name="check"),
    path("rules/", views.packs, name="packs"),
    path("rules/cited/<slug:clause>/", views.cited, name="cited"),
]
