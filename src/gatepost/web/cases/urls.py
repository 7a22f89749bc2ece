from django.urls import path

from gatepost.web.cases.handing import case_bundle, case_hand_over, handover_again, receivers
from gatepost.web.cases.views import case, case_open, cases

urlpatterns = [
    path("", cases, name="cases"),
    path("<int:pk>/", case, name="case"),
    path("<int:pk>/bundle/", case_bundle, name="case_bundle"),
    path("<int:pk>/hand-over/", case_hand_over, name="case_hand_over"),
    path("hand-over/<int:pk>/again/", handover_again, name="handover_again"),
    path("systems/", receivers, name="receivers"),
    path("open/<int:message>/", case_open, name="case_open"),
]
