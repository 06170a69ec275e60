"""Addresses of circulars."""

from django.urls import path

from amanat.desk.circulars.actions.withdrawals import withdraw
from amanat.desk.circulars.models import Circular
from amanat.desk.circulars.views import circulars, following, public, quizzes, sheets
from amanat.desk.registry.views.common import pressing

app_name = "circulars"
urlpatterns = [
    path("p/", public.circulars, name="public-list"),
    path("p/<slug:slug>/", public.circular, name="public"),
    path("p/<slug:slug>/<int:pk>/", public.enclosure, name="public-file"),
    path("<int:pk>/missing/", following.missing, name="missing"),
    path("<int:pk>/missing/tree/", following.tree, name="tree"),
    path("<int:pk>/missing.<slug:form>", following.export, name="missing-export"),
    path("<int:pk>/remind/", following.remind, name="remind"),
    path("reminding/<int:pk>/", following.rhythm, name="rhythm"),
    path("<int:pk>/questions/", quizzes.questions, name="questions"),
    path("<int:pk>/quiz/", quizzes.answer, name="quiz"),
    path("<int:pk>/sheet/<int:office>/", sheets.sheet, name="sheet"),
    path("<int:pk>/sheet/<int:office>/write/", sheets.hand_in, name="hand-in"),
    path("<int:pk>/sheet/<int:office>/blank/", sheets.blank, name="blank"),
    path("sheets/<int:pk>/", sheets.scan, name="scan"),
    path("<int:pk>/withdraw/", pressing(Circular, withdraw), name="withdraw"),
    path("<int:pk>/", circulars.circular, name="circular"),
]
