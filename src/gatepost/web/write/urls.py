from django.urls import path, re_path

from gatepost.web.preview.pictures import picture
from gatepost.web.write.views import check, write

urlpatterns = [
    path("", write, name="write"),
    path("check/", check, name="write_check"),
    path("<int:pk>/", write, name="write_edit"),
    re_path(r"^picture/(?P<sha256>[0-9a-f]{64})/(?P<size>small|whole)/$", picture, name="picture"),
]
