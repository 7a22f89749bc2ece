from django.urls import path

from gatepost.web.settings import passkeys, views

urlpatterns = [
    path("", views.settings, name="settings"),
    path("passkeys/", passkeys.passkeys, name="passkeys"),
]
