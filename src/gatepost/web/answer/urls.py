from django.urls import path

from gatepost.web.answer.views import answer

urlpatterns = [path("<str:token>/", answer, name="answer")]
