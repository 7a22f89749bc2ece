from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "gatepost.rulebook"
    label = "rulebook"
