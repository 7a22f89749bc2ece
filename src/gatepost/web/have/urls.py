from django.urls import path

from gatepost.web.have.views import have

urlpatterns = [path("<str:token>/", have, name="have")]
