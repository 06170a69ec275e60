"""Addresses of Today and search."""

from django.urls import path

from amanat.desk.home import views

app_name = "home"
urlpatterns = [path("today/", views.today, name="today"), path("search/", views.search, name="search")]
