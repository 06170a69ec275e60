"""Addresses of the registry."""

from django.urls import path

from amanat.desk.registry import views
from amanat.desk.registry.views import invitations

app_name = "registry"
urlpatterns = [
    path("offices/", views.offices, name="offices"),
    path("offices/<int:pk>/", views.offices, name="office"),
    path("people/<int:pk>/", views.offices, name="person"),
    path("people/<int:pk>/invite/", invitations.invite, name="invite"),
    path("invitation/<str:token>/", invitations.accept, name="accept"),
    path("channels/<int:pk>/", views.offices, name="channel"),
    path("groups/<int:pk>/", views.offices, name="group"),
    path("handovers/<int:pk>/", views.offices, name="handover"),
]
