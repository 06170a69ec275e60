"""Addresses of circulars."""

from django.urls import path

from amanat.desk.circulars.views import circulars, copies, drafts, enclosures, lists, sending

app_name = "circulars"
urlpatterns = [
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
    path("<int:pk>/correct/<slug:language>/", sending.correct, name="correct"),
    path("<int:pk>/acknowledge/", copies.acknowledge, name="acknowledge"),
    path("copies/<int:pk>/receive/", copies.receive, name="receive"),
    path("copies/<int:pk>/endorse/", copies.endorse, name="endorse"),
    path("lists/", lists.lists, name="lists"),
    path("lists/enter/<int:pk>/", lists.enter, name="enter-list"),
    path("lists/<int:pk>/", lists.change, name="list"),
    path("numbers/<int:pk>/", lists.number, name="numbers"),
]
