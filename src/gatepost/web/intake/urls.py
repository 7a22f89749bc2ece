from django.urls import path

from gatepost.web.intake import views

urlpatterns = [path("channel/<int:pk>/", views.coverage, name="coverage")]
