"""Addresses of the registry."""

from django.urls import path, re_path

from amanat.desk.registry.views import exports, imports, proofs
from amanat.desk.registry.views import stub as views

app_name = "registry"
urlpatterns = [
    path("offices/", views.offices, name="offices"),
    path("offices/<int:pk>/", views.offices, name="office"),
    path("people/<int:pk>/", views.offices, name="person"),
    path("channels/<int:pk>/", views.offices, name="channel"),
    path("groups/<int:pk>/", views.offices, name="group"),
    path("handovers/<int:pk>/", views.offices, name="handover"),
    path("channels/<int:pk>/proof/", proofs.proof, name="prove"),
    path("channels/<int:pk>/proof/domain/", proofs.domain, name="prove_domain"),
    path("channels/<int:pk>/proof/letter/", proofs.letter, name="prove_letter"),
    path("letters/<int:pk>/", proofs.letter_file, name="letter"),
    re_path(r"^letters/(?P<pk>\d{1,18})/(?P<verb>accept|refuse)/$", proofs.decide, name="letter_decide"),
    path("import/", imports.start, name="import"),
    path("import/<slug:kind>/template.xlsx", imports.template, name="import_template"),
    path("import/<slug:kind>/<slug:sha256>/", imports.plan, name="import_plan"),
    path("import/<slug:kind>/<slug:sha256>/faults.csv", imports.faults, name="import_faults"),
    path("export/<slug:what>.<slug:form>", exports.export, name="export"),
]
