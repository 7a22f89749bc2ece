from django.urls import path

from gatepost.web.approve.views import approve, approve_picture

urlpatterns = [
    path("<str:secret>/", approve, name="approve"),
    path("<str:secret>/picture/<str:sha256>/", approve_picture, name="approve_picture"),
]
