from django.urls import path

from gatepost.web.have.views import have

urlpatterns = [path("trial/", have, name="have_trial"), path("<str:token>/", have, name="have")]
