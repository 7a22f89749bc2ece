from django.urls import path

from gatepost.web.hooks.views import hook

urlpatterns = [path("<int:pk>/", hook, name="hook")]
