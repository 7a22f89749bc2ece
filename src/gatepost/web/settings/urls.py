from django.urls import path

from gatepost.web.settings import learnt, outside_reader, passkeys, views

urlpatterns = [
    path("", views.settings, name="settings"),
    path("outside-reader/", outside_reader.outside_reader, name="outside_reader"),
    path("learnt/", learnt.learnt, name="learnt"),
    path("learnt/<str:digest>/", learnt.training, name="learnt_training"),
    path("passkeys/", passkeys.passkeys, name="passkeys"),
]
