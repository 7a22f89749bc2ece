from django.urls import path

from gatepost.web.answer.views import answer, file

urlpatterns = [
    path("<str:token>/", answer, name="answer"),
    path("<str:token>/files/<int:pk>/", file, name="answer_file"),
]
