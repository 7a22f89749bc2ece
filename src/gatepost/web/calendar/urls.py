from django.urls import path

from gatepost.web.calendar.feed import calendar_feed, feeds
from gatepost.web.calendar.moves import move
from gatepost.web.calendar.views import calendar

urlpatterns = [
    path("", calendar, name="calendar"),
    path("move/<int:pk>/", move, name="calendar_move"),
    path("elsewhere/", feeds, name="calendar_feeds"),
    path("feed/<str:secret>.ics", calendar_feed, name="calendar_feed"),
]
