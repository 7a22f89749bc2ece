from django.urls import path

from gatepost.web.api.views import action, openapi

urlpatterns = [
    path("actions/<str:name>", action, name="api_action"),
    path("openapi.json", openapi, name="api_openapi"),
]
