"""Addresses of the check and of the rules."""

from django.urls import path

from amanat.desk.rules.views import check, clauses, grades, interface

app_name = "rules"
urlpatterns = [
    path("", check.check, name="check"),
    path("api/docs", interface.docs, name="docs"),
    path("rules/", clauses.packs, name="packs"),
    path("rules/search/", clauses.search, name="search"),
    path("rules/grades/", grades.grades, name="grades"),
    path("rules/grades/<int:pk>/<slug:verb>/", grades.decide, name="decide"),
    path("rules/documents/<int:pk>/", grades.document, name="document"),
    path("rules/cited/<slug:clause>/", clauses.cited, name="cited"),
    path("rules/<slug:pack>/", clauses.pack, name="pack"),
    path("rules/<slug:pack>/instruments/<slug:instrument>/", clauses.instrument, name="instrument"),
    path("rules/<slug:pack>/instruments/<slug:instrument>/attach/", grades.attach, name="attach"),
    path("rules/<slug:pack>/<slug:clause>/", clauses.clause, name="clause"),
    path("rules/<slug:pack>/<slug:clause>/propose/", grades.propose, name="propose"),
]
