"""Figures of a campaign in its templates: `{% load campaigns %}{{ way.brought|counted|default:"Not known" }}`."""

from __future__ import annotations

from decimal import Decimal

from django import template

from gatepost.web.campaigns import chart

register = template.Library()


@register.filter
def counted(value: Decimal | int | None) -> str:
    """1,200 or 412.50; "" for None."""
    return chart.counted(value)


@register.filter
def pounds(value: Decimal | None) -> str:
    """£1,200 or £412.50; "" for None."""
    return "" if value is None else f"£{chart.counted(value)}"
