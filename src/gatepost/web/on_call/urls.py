from django.urls import path

from gatepost.web.on_call.views import on_call

urlpatterns = [path("", on_call, name="on_call")]
