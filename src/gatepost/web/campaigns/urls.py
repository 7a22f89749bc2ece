from django.urls import path

from gatepost.web.campaigns.results import results
from gatepost.web.campaigns.table import table
from gatepost.web.campaigns.views import campaign, campaigns, edit

urlpatterns = [
    path("", campaigns, name="campaigns"),
    path("new/", edit, name="campaign_new"),
    path("<int:pk>/", campaign, name="campaign"),
    path("<int:pk>/change/", edit, name="campaign_edit"),
    path("<int:pk>/results/", results, name="campaign_results"),
    path("<int:pk>/campaign.csv", table, name="campaign_table"),
]
