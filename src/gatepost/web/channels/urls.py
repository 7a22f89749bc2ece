from django.urls import path

from gatepost.web.channels import views

urlpatterns = [
    path("", views.channels, name="channels"),
    path("connect/<slug:network>/", views.connect, name="channel_connect"),
    path("<int:pk>/", views.channel, name="channel"),
]
