"""Addresses of circulars."""

from django.urls import path

from amanat.desk.circulars.actions.withdrawals import withdraw
from amanat.desk.circulars.models import Circular
from amanat.desk.circulars.views import (
    circulars,
    copies,
    drafts,
    enclosures,
    following,
    lists,
    outside,
    public,
    quizzes,
    sending,
    sheets,
)
from amanat.desk.registry.views.common import pressing

app_name = "circulars"
urlpatterns = [
    path("p/", public.circulars, name="public-list"),
    path("p/<slug:slug>/", public.circular, name="public"),
    path("p/<slug:slug>/<int:pk>/", public.enclosure, name="public-file"),
    path("received/<int:pk>/<slug:mark>/", outside.letter, name="outside"),
    path("received/<int:pk>/<slug:mark>/<int:file>/", outside.enclosure, name="outside-file"),
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
    path("", circulars.mine, name="mine"),
    path("all/", circulars.circulars, name="circulars"),
    path("new/", drafts.begin, name="begin"),
    path("<int:pk>/", circulars.circular, name="circular"),
    path("<int:pk>/write/<slug:language>/", drafts.write, name="write"),
    path("<int:pk>/settle/", drafts.settle, name="settle"),
    path("<int:pk>/address/", drafts.address, name="address"),
    path("<int:pk>/drop/", drafts.drop, name="drop"),
    path("<int:pk>/enclose/", enclosures.enclose, name="enclose"),
    path("enclosures/<int:pk>/", enclosures.enclosure, name="enclosure"),
    path("enclosures/<int:pk>/take-out/", enclosures.take_out, name="take-out"),
    path("<int:pk>/dispatch/", sending.dispatch, name="dispatch"),
    path("<int:pk>/correct/enclosures/", sending.correct_enclosures, name="correct-enclosures"),
    path("<int:pk>/correct/<slug:language>/", sending.correct, name="correct"),
    path("<int:pk>/acknowledge/", copies.acknowledge, name="acknowledge"),
    path("copies/<int:pk>/receive/", copies.receive, name="receive"),
    path("copies/<int:pk>/endorse/", copies.endorse, name="endorse"),
    path("lists/", lists.lists, name="lists"),
    path("lists/enter/<int:pk>/", lists.enter, name="enter-list"),
    path("lists/<int:pk>/", lists.change, name="list"),
    path("numbers/<int:pk>/", lists.number, name="numbers"),
]
