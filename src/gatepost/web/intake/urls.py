from django.urls import path

from gatepost.web.intake import record, views, whole

urlpatterns = [
    path("channel/<int:pk>/", views.coverage, name="coverage"),
    path("attachment/<int:pk>/", views.attachment, name="attachment"),
    path("whole/<int:pk>/", whole.whole, name="message_whole"),
    path("record/", record.record, name="record_by_hand"),
]
