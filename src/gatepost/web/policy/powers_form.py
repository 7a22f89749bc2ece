"""The form of what the policy lets the desk do besides: answer a comment privately, mark links, go by lines."""

from __future__ import annotations

from django.http import QueryDict

from gatepost.networks.limits import all_networks, figure, network_title
from gatepost.policy.editing.changes import Change, SetPowers
from gatepost.policy.naming import short
from gatepost.policy.pack import Pack
from gatepost.policy.plainly import listed
from gatepost.policy.titles import LINES, LINKS, POWERS
from gatepost.web.frame.problems import Unclear
from gatepost.web.policy import fields
from gatepost.web.policy.fields import Field, Part

_SHOWN = 70  # characters of a clause in the list


def powers(pack: Pack) -> list[Part]:
    clauses = {one.id: f"{one.id}: {short(one.text, _SHOWN)}" for one in pack.clauses}
    none = "None: we never write first"
    alone = Field(
        "private_reply",
        POWERS["private_reply"],
        "select",
        pack.checks.private_reply,
        f"{_takes()} It is checked and signed off like every answer. An example of the policy that expects it to be "
        "stopped has to be changed with it.",
        fields.pairs(clauses, none),
    )
    rows = (
        alone,
        Field("links", POWERS["links"], "select", pack.checks.links, options=fields.pairs(LINKS)),
        Field(
            "lines",
            POWERS["lines"],
            "select",
            pack.checks.lines,
            options=fields.pairs(LINES),
        ),
    )
    return [Part("", rows)]


def read_powers(pack: Pack, post: QueryDict) -> Change:
    """Raises Unclear, with the field; ValueError for what no choice of the form holds."""
    clause = fields.words(post, "private_reply")
    if clause and clause not in pack.numbers:
        raise Unclear(f"The policy has no clause “{clause[:40]}”. Choose one of those it has.", "private_reply")
    chosen = {"private_reply": clause, "links": fields.words(post, "links"), "lines": fields.words(post, "lines")}
    # What the policy leaves to the desk's own choice stays so until somebody chooses otherwise.
    other = {name: value for name, value in chosen.items() if value != getattr(pack.checks, name)}
    return SetPowers.model_validate(other)


def _takes() -> str:
    """Which networks take such a message, and for how long after the comment."""
    days = {network_title(name): figure(name, "private_reply_days") for name in all_networks()}
    told = [f"{name} takes one, for {several} days after the comment" for name, several in days.items() if several]
    return f"{listed(told)}." if told else ""
