from django.urls import path

from gatepost.web.personal import keeping, looked, papers, views

urlpatterns = [
    path("", views.personal, name="peoples_data"),
    path("find/", views.find, name="peoples_data_find"),
    path("requests/<int:pk>/", views.request_page, name="peoples_data_request"),
    path("requests/<int:pk>/file/", views.file, name="peoples_data_file"),
    path("keeping/", keeping.keeping, name="peoples_data_keeping"),
    path("holds/", keeping.holds, name="peoples_data_holds"),
    path("looked/", looked.looked, name="peoples_data_looked"),
    path("papers/<str:kind>/", papers.paper, name="peoples_data_paper"),
    path("papers/<str:kind>/text/", papers.text, name="peoples_data_paper_text"),
]
