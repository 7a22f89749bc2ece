from django.urls import path

from gatepost.web.calendar.views import calendar

urlpatterns = [path("", calendar, name="calendar")]
