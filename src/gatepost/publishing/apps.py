from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "gatepost.publishing"
    label = "publishing"
