"""Addresses of the registry."""

from django.urls import path

from amanat.desk.registry import views

app_name = "registry"
urlpatterns = [
    path("offices/", views.offices, name="offices"),
    path("offices/<int:pk>/", views.offices, name="office"),
    path("people/<int:pk>/", views.offices, name="person"),
    path("channels/<int:pk>/", views.offices, name="channel"),
    path("groups/<int:pk>/", views.offices, name="group"),
    path("handovers/<int:pk>/", views.offices, name="handover"),
]
