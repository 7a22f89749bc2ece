from django.urls import path

from gatepost.web.sign_off.views import sign_off, sign_off_act

urlpatterns = [
    path("", sign_off, name="sign_off"),
    path("<uuid:pk>/", sign_off_act, name="sign_off_act"),
]
