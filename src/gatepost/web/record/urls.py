from django.urls import path

from gatepost.web.record import views

urlpatterns = [
    path("", views.record, name="record"),
    path("export/", views.export, name="record_export"),
]
