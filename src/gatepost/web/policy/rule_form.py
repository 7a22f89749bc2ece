"""The form of a rule: what must hold and what follows, in plain words. What it cannot show stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from gatepost.networks.registry import networks
from gatepost.networks.registry import title as network_title
from gatepost.policy.conditions import LABEL_WORDS
from gatepost.policy.editing.changes import Change, Nested, RuleThen, RuleWhen, SetRule
from gatepost.policy.model import LABELS
from gatepost.policy.names import names
from gatepost.policy.pack import Pack, Rule
from gatepost.policy.plainly import condition
from gatepost.policy.schema import Then, When
from gatepost.policy.titles import HOURS
from gatepost.web.frame.problems import Unclear
from gatepost.web.policy import condition_lines, fields
from gatepost.web.policy.entries import clauses, fresh_id
from gatepost.web.policy.fields import Field, Part
from gatepost.web.policy.notes import rule_titles

_PRIVATE = {"": "Either", "no": "What everybody can see", "yes": "Private messages alone"}
_URGENT = {"": "Either", "yes": "Only what reads as urgent", "no": "Only what does not"}
_FEELING = {"": "Any", "positive": "Positive", "neutral": "Neutral", "negative": "Negative"}
_AUTHORS = {"journalist": "A journalist", "councillor": "A councillor", "repeat": "Somebody who wrote before"}
_MODERATE = {"none": "Nothing", "hide": "Hide it", "remove": "Remove it"}
_SWITCHES = {
    "mask": "Mask personal details on the desk",
    "urgent": "Treat it as urgent",
    "withhold": "Offer no approved wording, whatever other rules say",
    "second_look": "Somebody else looks before it is answered",
    "hand_over": "Whom it is referred to carries the conversation on",
}


def rule_of(pack: Pack, key: str) -> Rule:
    """Raises KeyError."""
    found = next((rule for rule in pack.rules if rule.id == key), None)
    if found is None:
        raise KeyError(key)
    return found


def topics(pack: Pack) -> list[str]:
    """The topics the readers know, and those a rule names."""
    book = pack.words.book
    cues = [one.cue for held in book.exact.values() for one in held] + [one.cue for one in book.prefixed]
    return sorted({one.kind for one in cues if one.label == "topic"}.union(*(rule.topics for rule in pack.rules)))


def form(pack: Pack, key: str) -> list[Part]:
    """The form of a rule; of a new one when `key` is empty. Raises KeyError."""
    rule = rule_of(pack, key) if key else None
    when, then = (rule.when, rule.then) if rule else (When(), Then())
    named = rule_titles(pack).get(key, "") if rule else ""
    about = (
        Field("title", "What the rule is called", value=named),
        Field(
            "clause", "The clause it puts into practice", "select", rule.clause if rule else "", options=clauses(pack)
        ),
        Field(
            "priority",
            "Priority, 0 to 1000",
            "number",
            rule.priority if rule else 30,
            "The highest is looked at first. Every rule that holds adds its part.",
            step="1",
        ),
    )
    return [Part("", about), _conditions(pack, when), _outcomes(pack, then)]


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _conditions(pack: Pack, when: When) -> Part:
    history = when.history
    labels = fields.pairs({one: LABEL_WORDS.get(one, one.replace("_", " ")) for one in LABELS}, "Anything")
    named = [(one, one.replace("_", " ")) for one in topics(pack)]
    channels = [(one, network_title(one)) for one in networks()]
    audiences = [(one.id, one.title) for one in pack.audiences]
    least = "Leave it empty for the usual threshold."
    rows = [
        Field("when_label", "It reads as", "select", when.label or "", options=labels),
        Field("when_at_least", "From which probability, 0 to 1", value=_figure(when.at_least), hint=least),
        Field(
            "when_topic",
            "It is about one of these (none ticked: about anything)",
            "checks",
            when.topic or [],
            options=named,
        ),
        Field("when_private", "Which messages", "select", _yes(when.private), options=fields.pairs(_PRIVATE)),
        Field("when_urgent", "Urgency", "select", _yes(when.urgent), options=fields.pairs(_URGENT)),
        Field("when_hours", "When it came", "select", when.hours or "", options=fields.pairs(HOURS)),
        Field("when_sentiment", "Its feeling", "select", when.sentiment or "", options=fields.pairs(_FEELING)),
        Field("when_network", "It came by (none ticked: by any)", "checks", when.network or [], options=channels),
        Field(
            "when_author",
            "Its writer is (none ticked: anybody)",
            "checks",
            when.author or [],
            options=fields.pairs(_AUTHORS),
        ),
        Field(
            "when_audience",
            "Its channel is for (none ticked: anybody)",
            "checks",
            when.audience or [],
            options=audiences,
        ),
        Field(
            "when_period",
            "In the period (none ticked: always)",
            "checks",
            when.period or [],
            options=[(one.id, one.title) for one in pack.periods],
        ),
        Field(
            "when_language",
            "Its language",
            value=", ".join(when.language or []),
            hint="Codes such as en, pl, with commas.",
        ),
        Field(
            "when_messages",
            "It is at least message number",
            value=str(history.messages) if history else "",
            hint="Of its writer. Empty: any.",
        ),
        Field("when_days", "within so many days", value=str(history.days) if history else "", hint="Up to 365."),
    ]
    either, neither = _nested(when)
    if either is not None and neither is not None:
        words = "And at least one of these holds"
        rows.append(Field("when_any", words, "lines", condition_lines.written(either), condition_lines.HINT))
        rows.append(
            Field(
                "when_none", "And none of these holds", "lines", condition_lines.written(neither), condition_lines.HINT
            )
        )
    if rest := _rest(when, pack):
        rows.append(Field("when_rest", "And further, which this form cannot change", "shown", rest))
    return Part("When it holds", tuple(rows), "All of these must hold. What you leave open does not count.")


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _nested(when: When) -> tuple[list[When] | None, list[When] | None]:
    """What "any" and "not" hold, where lines can say it."""
    either = when.any_of or []
    return (either if all(map(condition_lines.fits, either)) else None), condition_lines.plain(when.negated)


def _rest(when: When, pack: Pack) -> str:
    """What no field of the form shows, in words."""
    shown = set(RuleWhen.model_fields)
    if None not in _nested(when):
        shown |= {"any_of", "negated"}
    left = {
        name: getattr(when, name) for name in When.model_fields if name not in shown and getattr(when, name) is not None
    }
    return condition(When.model_construct(_fields_set=set(left), **left), pack.thresholds, names(pack)) if left else ""


def _outcomes(pack: Pack, then: Then) -> Part:
    wordings = [(key, one.title) for key, one in pack.wordings.items()]
    departments = [(key, one.name) for key, one in pack.departments.items()]
    clocks = [(key, one.name) for key, one in pack.clocks.items()]
    rows = (
        Field("then_offer", "Offer these wordings", "checks", then.offer, options=wordings),
        Field("then_refer", "Refer it to", "checks", then.refer, options=departments),
        Field("then_clocks", "Start these clocks", "checks", then.clocks, options=clocks),
        Field("then_moderate", "On the network", "select", then.moderate, options=fields.pairs(_MODERATE)),
        Field("then_silent", "Do not answer it", "check", not then.answer),
        *(Field(f"then_{name}", label, "check", getattr(then, name)) for name, label in _SWITCHES.items()),
        Field(
            "then_advice", "Advice to whoever deals with it", "lines", "\n".join(then.advice), "One sentence a line."
        ),
    )
    return Part("What follows", rows)


def read(pack: Pack, key: str, post: QueryDict) -> Change:
    """The change a form asks for. Raises Unclear."""
    old = rule_of(pack, key) if key else None
    title = fields.words(post, "title")
    if not title:
        raise Unclear("Give the rule a name.", "title")
    then: dict[str, Any] = {name: f"then_{name}" in post for name in _SWITCHES}
    before = old.then if old else Then()
    for name in ("offer", "refer", "clocks"):
        then[name] = _in_order(post.getlist(f"then_{name}"), getattr(before, name))
    return SetRule(
        id=key or fresh_id(title, {rule.id: rule for rule in pack.rules}),
        title=title,
        clause=fields.words(post, "clause"),
        priority=fields.whole(post, "priority", "Priority"),
        when=_when(post, old.when if old else When()),
        then=RuleThen(
            **then,
            advice=fields.lines(post, "then_advice"),
            moderate=_one_of(post, "then_moderate", _MODERATE),
            answer="then_silent" not in post,
        ),
    )


def _in_order(chosen: list[str], before: list[str]) -> list[str]:
    """What stood there keeps its order; what is new comes after."""
    return [*(one for one in before if one in chosen), *(one for one in chosen if one not in before)]


def _one_of(post: QueryDict, name: str, known: Mapping[str, str]) -> Any:
    value = post.get(name, "")
    if value not in known:
        raise Unclear("Choose one of the answers.", name)
    return value


def _when(post: QueryDict, old: When) -> RuleWhen:
    messages, days = post.get("when_messages", "").strip(), post.get("when_days", "").strip()
    history = None
    if messages or days:
        history = {
            "messages": fields.whole(post, "when_messages", "Message number"),
            "days": fields.whole(post, "when_days", "Days", 30),
        }
    least = post.get("when_at_least", "").strip()
    private, urgent = _one_of(post, "when_private", _PRIVATE), _one_of(post, "when_urgent", _URGENT)
    return RuleWhen(
        label=fields.words(post, "when_label") or None,
        at_least=fields.share(post, "when_at_least", "Probability") if least else None,
        network=post.getlist("when_network") or None,
        private=None if not private else private == "yes",
        language=fields.commas(post, "when_language") or None,
        sentiment=_one_of(post, "when_sentiment", _FEELING) or None,
        urgent=None if not urgent else urgent == "yes",
        topic=post.getlist("when_topic") or None,
        author=post.getlist("when_author") or None,
        audience=post.getlist("when_audience") or None,
        hours=_one_of(post, "when_hours", HOURS) or None,
        history=history,
        period=post.getlist("when_period") or None,
        nested=_given(post, old),
    )


def _given(post: QueryDict, old: When) -> Nested | None:
    """What the lines say, unless it is what stands there or the form did not show it."""
    either, neither = _nested(old)
    if either is None or neither is None:
        return None
    given = fields.lines(post, "when_any"), fields.lines(post, "when_none")
    if given == tuple(condition_lines.written(rows).splitlines() for rows in (either, neither)):
        return None
    return Nested(any=condition_lines.read(given[0], "when_any"), none=condition_lines.read(given[1], "when_none"))
