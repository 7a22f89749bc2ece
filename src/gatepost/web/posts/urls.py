from django.urls import path

from gatepost.web.posts.views import post, posts

urlpatterns = [
    path("", posts, name="posts"),
    path("<int:pk>/", post, name="post"),
]
