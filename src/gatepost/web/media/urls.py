from django.urls import path, re_path

from gatepost.web.media.arriving import begin, piece
from gatepost.web.media.views import consent_form, library, media

urlpatterns = [
    path("", library, name="media"),
    path("upload/", begin, name="upload_begin"),
    path("upload/<uuid:key>/", piece, name="upload_piece"),
    path("consent/<int:pk>/form/", consent_form, name="consent_form"),
    re_path(r"^(?P<sha256>[0-9a-f]{64})/$", media, name="media_item"),
]
