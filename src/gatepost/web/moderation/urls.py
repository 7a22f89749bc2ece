from django.urls import path

from gatepost.web.moderation import doing, views

urlpatterns = [
    path("", views.moderation, name="moderation"),
    path("band/", views.band, name="moderation_band"),
    path("networks/", views.networks, name="moderation_networks"),
    path("<int:pk>/", views.message, name="moderation_message"),
    path("<int:pk>/do/", doing.do, name="moderation_do"),
    path("<int:pk>/open/", doing.open_words, name="moderation_open"),
    path("<int:pk>/record/", doing.record_file, name="moderation_record"),
    path("evidence/<int:pk>/", views.picture, name="moderation_picture"),
    path("decisions/<int:pk>/", views.ruling, name="moderation_ruling"),
    path("decisions/<int:pk>/do/", doing.do_ruling, name="moderation_ruling_do"),
]
