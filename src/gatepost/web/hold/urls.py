from django.urls import path

from gatepost.web.hold import views

urlpatterns = [path("", views.hold, name="hold")]
