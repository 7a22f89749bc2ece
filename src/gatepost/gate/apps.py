from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "gatepost.gate"
    label = "gate"
