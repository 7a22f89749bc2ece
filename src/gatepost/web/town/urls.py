from django.urls import path

from gatepost.web.town import views

urlpatterns = [path("", views.town, name="town")]
