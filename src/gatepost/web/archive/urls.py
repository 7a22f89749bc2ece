from django.urls import path

from gatepost.web.archive.views import archive, copy, item, online, rendered

urlpatterns = [
    path("", archive, name="archive"),
    path("online/", online, name="archive_online"),
    path("copy/", copy, name="archive_copy"),
    path("<uuid:act>/", item, name="archive_item"),
    path("<uuid:act>/page/", rendered, name="archive_page"),
]
