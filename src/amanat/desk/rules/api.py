"""The check for machines."""

from ninja import NinjaAPI

api = NinjaAPI(title="Amanat", urls_namespace="api")
