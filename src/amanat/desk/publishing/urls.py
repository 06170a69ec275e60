"""Addresses of publishing."""

from __future__ import annotations

from django.urls import path

from amanat.desk.publishing import urls_corrections
from amanat.desk.publishing.views import keys, releases

app_name = "publishing"
urlpatterns = [
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:pk>/", releases.release, name="release"),
    path("releases/<int:pk>/post/", releases.link, {"verb": "post"}, name="post-release"),
    path("releases/<int:pk>/find/", releases.link, {"verb": "find"}, name="find-release"),
    path("releases/<int:pk>/resend/", releases.resend, name="resend-release"),
    path("releases/<int:pk>/retry/", releases.retry, name="retry-release"),
    path("releases/<int:pk>/sent/", releases.record, {"what": "sent"}, name="release-sent"),
    path("releases/<int:pk>/answer/", releases.record, {"what": "answer"}, name="release-answer"),
    path("channels/<int:pk>/", keys.connection, name="connection"),
    path("channels/<int:pk>/key/", keys.give, name="give-key"),
    path("channels/<int:pk>/key/remove/", keys.remove, name="remove-key"),
    path("channels/<int:pk>/own/", keys.settle, {"verb": "own"}, name="own-face"),
    path("channels/<int:pk>/disown/", keys.settle, {"verb": "disown"}, name="disown-face"),
    *urls_corrections.urlpatterns,
]
