from django.urls import path

from gatepost.web.answer.views import answer, answer_file

urlpatterns = [
    path("<str:token>/", answer, name="answer"),
    path("<str:token>/files/<int:pk>/", answer_file, name="answer_file"),
]
