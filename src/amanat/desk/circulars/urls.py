"""Addresses of circulars."""

from django.urls import path

from amanat.desk.circulars.views import circulars

app_name = "circulars"
urlpatterns = [
    path("<int:pk>/", circulars.circular, name="circular"),
]
