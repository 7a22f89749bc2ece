"""Tags of the look: signs, states, clauses, clocks."""

from django import template

register = template.Library()
