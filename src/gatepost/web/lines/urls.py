from django.urls import path

from gatepost.web.lines.views import line, lines, new

urlpatterns = [
    path("", lines, name="lines"),
    path("new/", new, name="line_new"),
    path("<int:pk>/", line, name="line"),
]
