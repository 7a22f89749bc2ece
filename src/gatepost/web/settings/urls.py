from django.urls import path

from gatepost.web.settings import views

urlpatterns = [path("", views.settings, name="settings")]
