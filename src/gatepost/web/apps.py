from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gatepost.web"
    label = "web"
