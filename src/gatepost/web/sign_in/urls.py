from django.urls import path

from gatepost.web.sign_in import views

urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("link/<str:secret>/", views.sign_in_link, name="sign_in_link"),
    path("welcome/", views.welcome, name="welcome"),
    path("out/", views.sign_out, name="sign_out"),
]
