from django.urls import path

from gatepost.web.campaigns.views import campaign, campaigns, edit, table

urlpatterns = [
    path("", campaigns, name="campaigns"),
    path("new/", edit, name="campaign_new"),
    path("<int:pk>/", campaign, name="campaign"),
    path("<int:pk>/change/", edit, name="campaign_edit"),
    path("<int:pk>/campaign.csv", table, name="campaign_table"),
]
