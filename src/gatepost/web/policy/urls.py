from django.urls import path

from gatepost.web.policy import views

urlpatterns = [
    path("", views.policy, name="policy"),
    path("standing/", views.standing, name="policy_standing"),
]
