"""Addresses of what comes after release: posts, corrections, records, and the public's pages."""

from __future__ import annotations

from django.urls import path

from amanat.desk.publishing.views import corrections, posts, public, records

urlpatterns = [
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:office>/check/", records.check, name="check-records"),
    path("posts/<int:office>/<str:form>/", records.export, name="export-posts"),
    path("releases/<int:pk>/record/", records.record, name="record"),
    path("releases/<int:pk>/record/<str:sha256>/", records.kept, name="kept"),
    path("drafts/<int:pk>/correct/", corrections.correct, name="correct"),
    path("drafts/<int:pk>/withdraw/", corrections.withdraw, name="withdraw"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/lift/", corrections.lift, name="lift-correction"),
    path("corrections/<int:pk>/abandon/", corrections.abandon, name="abandon-correction"),
    path("corrections/<int:pk>/look/", corrections.look, name="look-at-correction"),
    path("mendings/<int:pk>/confirm/", corrections.confirm, name="confirm-mending"),
    path("mendings/<int:pk>/retry/", corrections.retry, name="retry-mending"),
    path("mendings/<int:pk>/resend/", corrections.resend, name="resend-mending"),
    path("mendings/<int:pk>/waive/", corrections.waive, name="waive-mending"),
    path("public/<str:code>/", public.public, name="public"),
    path("public/<str:code>/<int:pk>/", public.put_right, name="put-right"),
]
