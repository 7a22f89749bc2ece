from django.urls import path

from gatepost.web.health import views

urlpatterns = [path("sending", views.sending_health, name="sending_health")]
