"""The form of a clause, and of a new one, which may begin with words that most policies have."""

from __future__ import annotations

from dataclasses import replace

from django.http import QueryDict

from gatepost.policy.document import passages
from gatepost.policy.editing.changes import Change, SetClause
from gatepost.policy.editing.clauses import next_id
from gatepost.policy.importing.slugs import slug, unused
from gatepost.policy.kinds import clause_kinds
from gatepost.policy.linting.usual import usual
from gatepost.policy.pack import Pack
from gatepost.web.frame.problems import Unclear
from gatepost.web.policy import fields
from gatepost.web.policy.fields import Field, Options, Part

KINDS = {
    "enforced": "Enforced: the desk stops what breaks it",
    "assisted": "Assisted: the desk prepares, a person decides",
    "measured": "Measured: a figure shows how it goes",
    "informative": "Informative: to be known, nothing to enforce",
}
NEW = "new section"


def clause(pack: Pack, key: str) -> list[Part]:
    """The form of a clause; of a new one when `key` is empty. Raises KeyError."""
    return [Part("", (*_words(pack, key), *_sort(pack, key)))]


def _words(pack: Pack, key: str) -> tuple[Field, ...]:
    warn = "These are the document's own words. Change them only when the document changes."
    if key:
        return (Field("text", "The words of the clause", "area", pack.clause(key).text, warn, rows=6, most=20_000),)
    plain = "As they are to stand in the document. Whoever answers for the policy agrees to them when it is adopted."
    return (
        Field("text", "The words of the clause", "area", "", plain, rows=6, most=20_000),
        Field("place", "Where it stands", "select", "", options=_places(pack)),
        Field("under", "Title of the new section", hint="Only where it stands in a section of its own.", most=200),
    )


def _sort(pack: Pack, key: str) -> tuple[Field, ...]:
    old = pack.clause(key) if key else None
    kinds = {one.id: f"{one.number}. {one.title}" for one in clause_kinds().values()}
    meant = "What is meant, where the document is out of date or mistaken."
    does = "Until a rule, a wording or a figure names the clause, the policy page says that nothing enforces it."
    return (
        Field(
            "kind",
            "How the desk puts it into practice",
            "select",
            old.kind if old else "assisted",
            "" if old else does,
            options=fields.pairs(KINDS),
        ),
        Field(
            "about",
            "What it is about",
            "select",
            old.about if old else "",
            options=fields.pairs(kinds, "Nothing usual"),
        ),
        Field("gloss", "A remark beside it", "area", old.gloss if old else "", meant, rows=2),
    )


def _places(pack: Pack) -> Options:
    """After the last clause of each sort, or in a section of its own."""
    last: dict[str, tuple[str, str]] = {}
    for one in passages(pack.policy_md):
        last[one.id.split(".")[0]] = (one.id, one.heading)
    rows = [(prefix, f"After {name}{f' ({heading})' if heading else ''}") for prefix, (name, heading) in last.items()]
    return [(NEW, "At the end, in a section of its own"), *rows]


def suggested(parts: list[Part], suggestion: str) -> list[Part]:
    """The form of a new clause, begun with the words suggested. Raises KeyError when there are none of this name."""
    one = {one.id: one for one in usual()}[suggestion]
    about = one.kinds[0] if one.kinds else ""
    kind = clause_kinds()[about].duty if about else "assisted"
    given = {"text": one.suggestion, "under": one.section, "about": about, "kind": kind, "place": NEW}
    return [
        replace(part, fields=tuple(replace(field, value=given.get(field.name, field.value)) for field in part.fields))
        for part in parts
    ]


def read_clause(pack: Pack, key: str, post: QueryDict) -> Change:
    """Raises Unclear."""
    new = fields.text(post, "text")
    kind, about = fields.words(post, "kind"), fields.words(post, "about")
    gloss = fields.words(post, "gloss")[:2_000]
    if key:
        return SetClause(
            id=key, kind=kind, about=about, gloss=gloss, text=new if new != pack.clause(key).text.strip() else None
        )
    if not new:
        raise Unclear("Write the words of the clause.", "text")
    place, under = fields.words(post, "place"), fields.words(post, "under")[:200]
    if place in ("", NEW) and not under:
        raise Unclear("Give the new section a title, or choose the clause it stands after.", "under")
    taken = {one.id.split(".")[0] for one in passages(pack.policy_md)}
    begun = next((one.id for one in usual() if one.section == under), slug(under, "section")[:50])
    prefix = unused(begun, taken) if place in ("", NEW) else place
    if place not in ("", NEW) and place not in taken:
        raise Unclear("Choose where the clause stands.", "place")
    return SetClause(id=next_id(pack.policy_md, prefix), kind=kind, about=about, gloss=gloss, text=new, under=under)
