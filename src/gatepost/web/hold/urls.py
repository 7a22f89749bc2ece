from django.urls import path

from gatepost.web.hold import crises, reviewing, views

urlpatterns = [
    path("", views.hold, name="hold"),
    path("review/", reviewing.look, name="hold_review"),
    path("crisis/", crises.declare, name="hold_crisis"),
]
