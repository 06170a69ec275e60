"""Every address of the desk. The public check is the front door."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from amanat.desk.lib import health
from amanat.desk.permits import in_force
from amanat.desk.registry.signin import doors
from amanat.desk.registry.views import languages
from amanat.desk.rules import urls as rules
from amanat.desk.rules.api import api

admin.site.site_header = admin.site.site_title = "Amanat"
doors.guard(admin.site)

urlpatterns = [
    path("", include((rules.addresses(in_force.permissions, in_force.guidance), rules.app_name))),
    path("", include("amanat.desk.home.urls")),
    path("", include("amanat.desk.registry.urls")),
    path("permits/", include("amanat.desk.permits.urls")),
    path("circulars/", include("amanat.desk.circulars.urls")),
    path("publishing/", include("amanat.desk.publishing.urls")),
    path("log/", include("amanat.desk.audit.urls")),
    path("api/", api.urls),
    path("", include(doors.closed)),
    path("accounts/", include("allauth.urls")),
    path("language/setlang/", languages.speak, name="set_language"),
    path("tables/", admin.site.urls),
    path("-/health", health.health, name="health"),
    path("-/ready", health.ready, name="ready"),
]
handler404 = "django.views.defaults.page_not_found"
if settings.DEBUG:
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns += staticfiles_urlpatterns()
