from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "gatepost.channels"
    label = "channels"
