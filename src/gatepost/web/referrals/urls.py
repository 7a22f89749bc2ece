from django.urls import path

from gatepost.web.referrals.views import referral, referrals

urlpatterns = [
    path("", referrals, name="referrals"),
    path("<int:pk>/", referral, name="referral"),
]
