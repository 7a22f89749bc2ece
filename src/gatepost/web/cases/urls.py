from django.urls import path

from gatepost.web.cases.views import case, case_open, cases

urlpatterns = [
    path("", cases, name="cases"),
    path("<int:pk>/", case, name="case"),
    path("open/<int:message>/", case_open, name="case_open"),
]
