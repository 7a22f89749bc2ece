from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "gatepost.people"
    label = "people"
