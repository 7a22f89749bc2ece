from django.urls import path

from gatepost.web.intake import record, views

urlpatterns = [
    path("channel/<int:pk>/", views.coverage, name="coverage"),
    path("attachment/<int:pk>/", views.attachment, name="attachment"),
    path("record/", record.record, name="record_by_hand"),
]
