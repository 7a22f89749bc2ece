from django.urls import path

from gatepost.web.calendar.moves import move
from gatepost.web.calendar.views import calendar

urlpatterns = [
    path("", calendar, name="calendar"),
    path("move/<int:pk>/", move, name="calendar_move"),
]
