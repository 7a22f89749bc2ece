from django.urls import re_path

from gatepost.web.short.views import short

urlpatterns = [re_path(r"^(?P<code>[2-9a-z]{4,12})/?$", short, name="short")]
