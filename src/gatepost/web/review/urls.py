from django.urls import path

from gatepost.web.review.views import review, review_one

urlpatterns = [
    path("", review, name="review"),
    path("<str:reference>/", review_one, name="review_one"),
]
