from django.urls import path

from gatepost.web.archive.views import archive, copy, item, online, rendered, seen

urlpatterns = [
    path("", archive, name="archive"),
    path("online/", online, name="archive_online"),
    path("copy/", copy, name="archive_copy"),
    path("<uuid:act>/", item, name="archive_item"),
    path("<uuid:act>/page/", rendered, name="archive_page"),
    path("<uuid:act>/seen/<int:event>/", seen, name="archive_seen"),
]
