"""Addresses of permits."""

from django.urls import path, re_path

from amanat.desk.permits.views import asking, deciding, deputies, guidance, letters, register

app_name = "permits"
urlpatterns = [
    path("", register.permits, name="permits"),
    re_path(r"^export\.(?P<form>xlsx|csv)$", register.export, name="export"),
    path("statistics/", register.figures, name="statistics"),
    path("new/", asking.ask, name="ask"),
    path("verify/", letters.check, name="verify-form"),
    path("verify/<slug:code>/", letters.verify, name="verify"),
    path("deputies/", deputies.deputies, name="deputies"),
    path("deputies/name/", deputies.name, name="name-deputy"),
    path("deputies/<int:pk>/end/", deputies.end, name="end-deputy"),
    path("offices/<int:pk>/", deputies.period, name="period"),
    path("guidance/", guidance.guidance, name="guidance"),
    re_path(r"^guidance/(?P<pk>\d{1,18})/(?P<verb>publish|drop|undo)/$", guidance.decide, name="decide-guidance"),
    path("<int:pk>/", asking.permit, name="permit"),
    path("<int:pk>/change/", asking.change, name="change"),
    path("<int:pk>/submit/", asking.submit, name="submit"),
    path("<int:pk>/withdraw/", asking.withdraw, name="withdraw"),
    path("<int:pk>/grant/", deciding.grant, name="grant"),
    path("<int:pk>/refuse/", deciding.refuse, name="refuse"),
    path("<int:pk>/give-back/", deciding.give_back, name="give-back"),
    path("<int:pk>/answer/", deciding.answer, name="answer"),
    path("<int:pk>/revoke/", deciding.revoke, name="revoke"),
    path("<int:pk>/propose/", guidance.propose, name="propose"),
    path("<int:pk>/letters/<int:letter>/", letters.letter, name="letter"),
    path("<int:pk>/letters/<int:letter>/letter.pdf", letters.pdf, name="pdf"),
]
