from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "gatepost.ledger"
    label = "ledger"
