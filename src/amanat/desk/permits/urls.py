"""Addresses of permits."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "permits"
urlpatterns: list[URLPattern] = []
