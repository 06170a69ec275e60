"""Addresses of the registry: pages by noun, one address for every verb."""

from django.urls import path

from amanat.desk.registry.views import channels, groups, handovers, invitations, offices, people

app_name = "registry"
urlpatterns = [
    path("offices/", offices.offices, name="offices"),
    path("offices/<int:pk>/", offices.office, name="office"),
    path("offices/<int:pk>/enter/", offices.enter, name="enter-office"),
    path("offices/<int:pk>/change/", offices.change, name="change-office"),
    path("offices/<int:pk>/move/", offices.move, name="move-office"),
    path("offices/<int:pk>/close/", offices.close, name="close-office"),
    path("offices/<int:pk>/reopen/", offices.reopen, name="reopen-office"),
    path("offices/<int:pk>/people/enter/", people.enter, name="enter-person"),
    path("offices/<int:pk>/channels/enter/", channels.enter, name="enter-channel"),
    path("offices/<int:pk>/groups/enter/", groups.enter, name="enter-group"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/change/", people.change, name="change-person"),
    path("people/<int:pk>/appoint/", people.appoint, name="appoint"),
    path("people/<int:pk>/invite/", invitations.invite, name="invite"),
    path("invitation/<str:token>/", invitations.accept, name="accept"),
    path("posts/<int:pk>/end/", people.end, name="end-post"),
    path("posts/<int:pk>/handover/", handovers.begin, name="begin-handover"),
    path("channels/", channels.channels, name="channels"),
    path("channels/<int:pk>/", channels.channel, name="channel"),
    path("channels/<int:pk>/change/", channels.change, name="change-channel"),
    path("channels/<int:pk>/seat/", channels.seat, name="seat"),
    path("channels/<int:pk>/inspect/", channels.inspect, name="inspect"),
    path("channels/<int:pk>/doubt/", channels.doubt, name="doubt-channel"),
    path("channels/<int:pk>/close/", channels.close, name="close-channel"),
    path("groups/", groups.groups, name="groups"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/change/", groups.change, name="change-group"),
    path("groups/<int:pk>/administer/", groups.administer, name="administer"),
    path("groups/<int:pk>/close/", groups.close, name="close-group"),
    path("handovers/", handovers.handovers, name="handovers"),
    path("handovers/<int:pk>/", handovers.handover, name="handover"),
    path("handovers/<int:pk>/change/", handovers.change, name="change-handover"),
    path("handovers/<int:pk>/add/", handovers.add, name="add-item"),
    path("handovers/<int:pk>/tick/<int:item>/", handovers.tick, name="tick-item"),
    path("handovers/<int:pk>/finish/", handovers.finish, name="finish-handover"),
    path("handovers/<int:pk>/drop/", handovers.drop, name="drop-handover"),
]
