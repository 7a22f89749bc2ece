"""What a person still has to do to a draft that was made from a written policy, worked out from the draft itself: what
has been mended is not named any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gatepost.policy.model import Kind
from gatepost.policy.naming import short
from gatepost.policy.pack import Pack

OWN_FIGURE = "own figure: not in the document"
NO_NAME = "Our organisation"
WEEK = {day: ["09:00", "17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
UNKNOWN: Kind = "informative"  # how a clause that was not understood is put into practice
_WEEK = (("09:00", "17:00"),) * 5 + (None,) * 2
_STAND_IN = "@example.org"
_KEPT = "desk:not_understood"


@dataclass(frozen=True, slots=True)
class ByHand:
    """`part` and `key` name the form that mends it, as the screens call it ("roles", "communications_manager"; without
    a key the list of the part). `field`: the one field of it that is meant, where it is one."""

    sort: str  # "nobody_signs_off"; those of one sort are told together
    says: str
    part: str
    key: str = ""
    field: str = ""
    clause: str = ""


def by_hand(pack: Pack, *, hours_found: bool) -> tuple[ByHand, ...]:
    """What is to be done by hand, the most needed first. `hours_found`: whether the document gives hours."""
    return (*_who(pack), *_body(pack, hours_found), *_addresses(pack), *_idle(pack), *_unknown(pack))


def _who(pack: Pack) -> Iterator[ByHand]:
    roles = pack.roles.values()
    if not any(one.signs_off for one in roles):
        says = "Nobody signs off what goes out. Tick “May sign off” for the role that does."
        yield ByHand("nobody_signs_off", says, "roles")
    if not any(one.approves_staff for one in roles):
        says = "Nobody approves the staff who may write. Tick “May approve staff” for the role that does."
        yield ByHand("nobody_approves", says, "roles")
    for one in roles:
        if not one.holder:
            says = f"{one.title}: the document names nobody. Write who holds the role."
            yield ByHand("vacant", says, "roles", one.id, "holder", one.clause)


def _body(pack: Pack, hours_found: bool) -> Iterator[ByHand]:
    if pack.organisation == NO_NAME:
        yield ByHand("no_name", "The organisation's name was not found. Write it.", "about", "", "organisation")
    if not hours_found and pack.hours.week == _WEEK:
        says = (
            "The document gives no hours. Monday to Friday, 9 to 5, stand in for them: change them if they are others."
        )
        yield ByHand("no_hours", says, "hours")


def _addresses(pack: Pack) -> Iterator[ByHand]:
    """A made-up address reaches nobody: a referral sent there would be lost."""
    for role in pack.roles.values():
        if role.holder and role.email.endswith(_STAND_IN):
            says = f"{role.holder}: {role.email} is made up. Write the real address."
            yield ByHand("address", says, "roles", role.id, "email", role.clause)
    for one in pack.departments.values():
        if one.email.endswith(_STAND_IN):
            says = f"{one.name}: {one.email} is made up. Write the address that referrals are to go to."
            yield ByHand("address", says, "departments", one.id, "email", one.clause)


def _idle(pack: Pack) -> Iterator[ByHand]:
    offered = {name for rule in pack.rules for name in rule.then.offer}
    for wording in pack.wordings.values():
        if wording.id not in offered:
            says = f"No rule offers the wording “{wording.title}”. Make a rule that does, or take the wording out."
            yield ByHand("unused", says, "wordings", wording.id, "", wording.clause)
    for clock in pack.clocks.values():
        if clock.source == OWN_FIGURE:
            says = (
                f"{clock.name}: the document gives no time, so {clock.amount} {clock.unit.replace('_', ' ')} stand in."
            )
            yield ByHand("own_figure", f"{says} Change it, or say where it comes from.", "clocks", clock.id, "source")
    # An example that must not set a rule off names its clause too.
    shown = {clause for one in pack.examples if "not_clauses" not in one.expect for clause in one.clauses}
    for rule in pack.rules:
        if rule.clause not in shown:
            says = f"No example sets off the rule for {rule.clause}. Write a message that does."
            yield ByHand("no_example", says, "examples", "new", "", rule.clause)


def _unknown(pack: Pack) -> Iterator[ByHand]:
    """A clause is seen to once somebody has said what it is about, how it is put into practice, or what is meant."""
    unknown = {one.clause for one in pack.bindings if one.by == _KEPT}
    unknown -= {one.clause for one in pack.bindings if one.by != _KEPT}  # a wording alone in a clause was understood
    for one in pack.clauses:
        if one.id in unknown and not one.about and not one.gloss and one.kind == UNKNOWN:
            says = f"Not understood: “{short(one.text, 80)}” Say what it is about, or put a remark beside it."
            yield ByHand("not_understood", says, "clauses", one.id, "about", one.id)
