from django.urls import path, re_path

from gatepost.web.preview.pictures import picture
from gatepost.web.write.bringing import bring, repeat_post
from gatepost.web.write.patterns import kept_templates
from gatepost.web.write.versions import versions
from gatepost.web.write.views import check, write

urlpatterns = [
    path("", write, name="write"),
    path("check/", check, name="write_check"),
    path("<int:pk>/", write, name="write_edit"),
    path("<int:pk>/versions/", versions, name="write_versions"),
    path("templates/", kept_templates, name="write_templates"),
    path("bring-in/", bring, name="write_bring"),
    path("<int:pk>/repeat/", repeat_post, name="write_repeat"),
    re_path(r"^picture/(?P<sha256>[0-9a-f]{64})/(?P<size>small|whole|words)/$", picture, name="picture"),
]
