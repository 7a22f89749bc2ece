from django.urls import path

from gatepost.web.personal import keeping, papers, views

urlpatterns = [
    path("", views.personal, name="personal"),
    path("find/", views.find, name="personal_find"),
    path("requests/<int:pk>/", views.request_page, name="personal_request"),
    path("requests/<int:pk>/file/", views.file, name="personal_file"),
    path("keeping/", keeping.keeping, name="personal_keeping"),
    path("holds/", keeping.holds, name="personal_holds"),
    path("papers/<str:kind>/", papers.paper, name="personal_paper"),
    path("papers/<str:kind>/text/", papers.text, name="personal_paper_text"),
]
