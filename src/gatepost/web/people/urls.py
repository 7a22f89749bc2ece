from django.urls import path

from gatepost.web.people import deputies, views

urlpatterns = [
    path("", views.people, name="people"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/deputies/", deputies.person_deputies, name="person_deputies"),
]
