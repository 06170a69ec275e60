"""Addresses of publishing."""

from __future__ import annotations

from amanat.desk.publishing import urls_corrections

app_name = "publishing"
urlpatterns = [*urls_corrections.urlpatterns]
