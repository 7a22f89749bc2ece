from django.urls import path

from gatepost.web.settings import outside_reader, passkeys, views

urlpatterns = [
    path("", views.settings, name="settings"),
    path("outside-reader/", outside_reader.outside_reader, name="outside_reader"),
    path("passkeys/", passkeys.passkeys, name="passkeys"),
]
