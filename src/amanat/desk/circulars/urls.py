"""Addresses of circulars."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "circulars"
urlpatterns: list[URLPattern] = []
