"""Addresses of publishing."""

from __future__ import annotations

from django.urls import path

from amanat.desk.publishing import urls_corrections
from amanat.desk.publishing.views import calendar, drafts, keys, plans, releases, writing

app_name = "publishing"
urlpatterns = [
    path("", drafts.drafts, name="drafts"),
    path("month/", calendar.month, name="month"),
    path("week/", calendar.week, name="week"),
    path("cadence/", calendar.cadence, name="cadence"),
    path("slots/", plans.slots, name="slots"),
    path("offices/<int:pk>/begin/", writing.begin, name="begin"),
    path("offices/<int:pk>/practice/", plans.practice, name="practice"),
    path("channels/<int:pk>/slots/", plans.set_slots, name="set-slots"),
    path("channels/<int:pk>/ungate/", plans.ungate, name="ungate"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/history/", drafts.history, name="history"),
    path("drafts/<int:pk>/texts/", writing.texts, name="texts"),
    path("drafts/<int:pk>/plan/", writing.plan, name="plan"),
    path("drafts/<int:pk>/pictures/", writing.add_picture, name="add-picture"),
    path("drafts/<int:pk>/pictures/<int:picture>/", writing.describe, name="describe-picture"),
    path("drafts/<int:pk>/pictures/<int:picture>/remove/", writing.remove, name="remove-picture"),
    path("drafts/<int:pk>/submit/", drafts.submit, name="submit"),
    path("drafts/<int:pk>/recall/", drafts.recall, name="recall"),
    path("drafts/<int:pk>/discard/", drafts.discard, name="discard"),
    path("drafts/<int:pk>/lift/", drafts.lift, name="lift"),
    path("drafts/<int:pk>/copy/", drafts.copy, name="copy"),
    path("drafts/<int:pk>/vote/", drafts.vote, name="vote"),
    path("pictures/<int:pk>/", writing.picture, name="picture"),
    path("pictures/<int:pk>/small/", writing.small, name="small-picture"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:pk>/", releases.release, name="release"),
    path("releases/<int:pk>/post/", releases.link, {"verb": "post"}, name="post-release"),
    path("releases/<int:pk>/find/", releases.link, {"verb": "find"}, name="find-release"),
    path("releases/<int:pk>/resend/", releases.resend, name="resend-release"),
    path("releases/<int:pk>/skip/", releases.skip, name="skip-release"),
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
