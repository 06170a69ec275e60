"""Every address of the desk. The public check is the front door."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from amanat.desk.lib import health
from amanat.desk.rules.api import api

admin.site.site_header = admin.site.site_title = "Amanat"

urlpatterns = [
    path("", include("amanat.desk.rules.urls")),
    path("", include("amanat.desk.home.urls")),
    path("", include("amanat.desk.registry.urls")),
    path("log/", include("amanat.desk.audit.urls")),
    path("api/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("tables/", admin.site.urls),
    path("-/health", health.health, name="health"),
    path("-/ready", health.ready, name="ready"),
]
handler404 = "django.views.defaults.page_not_found"
if settings.DEBUG:
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns += staticfiles_urlpatterns()
