from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "gatepost.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        from gatepost.ledger.governing import answered_by
        from gatepost.rulebook.actions import governed

        answered_by(governed)
