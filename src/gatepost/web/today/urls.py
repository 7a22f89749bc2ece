from django.urls import path

from gatepost.web.today import views

urlpatterns = [path("", views.today, name="today")]
