from django.urls import path

from gatepost.web.posts.views import comment, post, posts

urlpatterns = [
    path("", posts, name="posts"),
    path("<int:pk>/", post, name="post"),
    path("<int:pk>/comment/", comment, name="post_comment"),
]
