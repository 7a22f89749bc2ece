"""The record of processing (UK GDPR, Article 30) and the assessment of its effects (Article 35), as far as the desk
knows them from how it is set up. What only people can judge is left open and says so; it is not made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.channels.outside_reader import in_use
from gatepost.inbox.personal.gone import hours_to_delete
from gatepost.inbox.personal.retention import Preview, preview
from gatepost.networks.limits import NoLimits, network_title
from gatepost.people.models import Role, User
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force

Kind = Literal["processing", "dpia"]
TITLES: dict[Kind, str] = {
    "processing": "Record of processing",
    "dpia": "Data protection impact assessment",
}


@dataclass(frozen=True, slots=True)
class Section:
    """Facts from the configuration, and what a person has yet to write (`ask`)."""

    title: str
    facts: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    kind: Kind
    title: str
    organisation: str
    made_at: datetime
    sections: tuple[Section, ...]

    @property
    def open_questions(self) -> int:
        return sum(len(one.ask) for one in self.sections)


def _network(name: str) -> str:
    try:
        return network_title(name)
    except NoLimits:
        return name.replace("_", " ").capitalize()


def _channels() -> list[str]:
    rows = Channel.objects.exclude(state__in=("closed", "proposed")).order_by("name")
    return [f"{one.name} on {_network(one.network)}" + (" (practice)" if one.practice else "") for one in rows]


def _recipients(pack: Pack, at: datetime) -> list[str]:
    found = [
        f"{one.name}: a summary with personal details left out, by e-mail; “{pack.clocks[one.clock].name}”"
        for one in pack.departments.values()
    ]
    networks = sorted({_network(one.network) for one in Channel.objects.exclude(state="closed")})
    if networks:
        found.append(f"The networks on which we answer: {', '.join(networks)}. They are controllers of their own.")
    reader = in_use()
    if reader is not None:
        found.append(f"An outside reader at {reader.base_url}: the words of new messages, personal details left out.")
    found.append(f"The mail server {settings.EMAIL_HOST}, which carries the e-mails to departments.")
    return found


def _kept(told: Preview) -> list[str]:
    lines = [f"{one.keeping.title}: {one.keeping.said} ({one.keeping.clause})" for one in told.due]
    if not lines:
        return ["The policy names no period, and nothing is deleted by its time."]
    if told.agreed and told.agreement is not None:
        lines.append(f"Carried out by the desk since {_day(told.agreement.at)}.")
    else:
        lines.append("Not carried out yet: nobody has agreed to these periods on this desk.")
    return lines


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y}"


def _security() -> list[str]:
    return [
        "Personal details found in messages are masked on every screen; showing them takes a reason and is recorded.",
        "What residents write is shown only to people approved for a channel or holding a role of the policy.",
        "Every decision and act is in a record that cannot be changed unnoticed and holds no words and no names.",
        "Credentials of channels are encrypted; passwords, links and API keys are kept as hashes.",
        "Logs hold no words of messages, no names and no addresses.",
        "Pages are served over HTTPS." if settings.HTTPS else "Pages are served over plain HTTP: put HTTPS before it.",
        f"{User.objects.filter(is_active=True).count()} people have an account on the desk.",
    ]


_PEOPLE = (
    "Residents and others who write to us or about us on our channels",
    "People whom they name: neighbours, families, children, staff",
    "Journalists, councillors and partners who write to us",
    "Staff who use the desk, and people outside who are asked to sign off",
)
_DATA = (
    "Account names and numbers on the networks, and what is public with a comment",
    "What people write, which may hold anything: addresses, numbers, health, beliefs, complaints, allegations",
    "What the readers make of it (labels with likelihoods) and what was decided under which clause",
    "Referrals, notes and answers of departments; evidence of what was hidden, removed or reported",
)
_RIGHTS = (
    "To see what is held (Article 15): People’s data finds it and hands it over as one file.",
    "To have it put right (16) or erased (17): erased by the officer; the record keeps that it was done.",
    "To object (21) and to complain to us, and to the Information Commissioner (ico.org.uk, 0303 123 1113).",
)


def paper(kind: Kind, *, at: datetime) -> Paper:
    """One of the two papers, filled as far as the desk knows."""
    pack, told = in_force(at), preview(at=at)
    made = _processing(pack, told, at) if kind == "processing" else _dpia(pack, told, at)
    return Paper(kind, TITLES[kind], pack.organisation, at, tuple(made))


def _processing(pack: Pack, told: Preview, at: datetime) -> Sequence[Section]:
    holders = [
        f"{role.title}: {role.policy_holder or 'named on the desk'}"
        for role in Role.objects.filter(in_policy=True, approves_staff=True)
    ]
    return [
        Section(
            "Controller",
            (pack.organisation, *holders),
            (
                (
                    "The organisation’s address, its registration with the Information Commissioner, and its data "
                    "protection officer."
                ),
            ),
        ),
        Section("Purposes", _purposes(pack)),
        Section(
            "Lawful basis",
            (),
            (
                (
                    "Councils, ALMOs and other public authorities: public task, Article 6(1)(e), and the power "
                    "it rests on. "
                    "Housing associations and charities: legitimate interests or legal obligation, with the assessment."
                ),
                (
                    "What people write about their health or beliefs (Article 9) and about offences (Article 10): the "
                    "condition of the Data Protection Act 2018 that is relied on."
                ),
            ),
        ),
        Section("Whose data", _PEOPLE),
        Section("Which data", _DATA),
        Section("Where it comes from", tuple(_channels()) or ("No channel is connected yet.",)),
        Section("Who receives it", tuple(_recipients(pack, at))),
        Section(
            "Other countries",
            ("The desk itself sends nothing abroad: it runs on your machine.",),
            ("The networks process what is published there in other countries; name the safeguards of each.",),
        ),
        Section("How long it is kept", tuple(_kept(told))),
        Section("Security", tuple(_security())),
        Section("Rights", _RIGHTS),
    ]


def _purposes(pack: Pack) -> tuple[str, ...]:
    aims = tuple(f"{aim.title} ({aim.clause})" for aim in pack.aims)
    return ("Reading, answering and referring what the public writes, as the policy says", *aims)


def _dpia(pack: Pack, told: Preview, at: datetime) -> Sequence[Section]:
    duties = [
        f"{_network(name)} wants what is deleted there deleted here within {hours_to_delete(name)} hours: the desk "
        "asks every day and erases it. A legal hold goes first and then stands against these terms."
        for name in sorted(set(Channel.objects.exclude(state="closed").values_list("network", flat=True)))
        if hours_to_delete(name)
    ]
    reader = in_use()
    risks = [
        (
            "Somebody’s address or number stands in public under our post. Held off by: recognised on arrival, masked "
            "here, offered for hiding under its clause."
        ),
        "Staff see more than they need. Held off by: masked by default, a reason for each look, looks recorded.",
        (
            "A reader takes something for what it is not. Held off by: the desk offers, a person decides; corrections "
            "are kept with the message."
        ),
        "A message about danger is overlooked. Held off by: such messages stand first in every list.",
        "Data are kept too long. Held off by: periods of the policy, carried out by the desk"
        + ("." if told.agreed else ", as soon as somebody agrees to them: nobody has yet."),
        (
            "Somebody reads the database or its backup. Held off by: the machine’s own protection; the words of "
            "messages are not encrypted in it."
        ),
        *duties,
    ]
    if reader is not None:
        risks.append(f"Messages are read at {reader.base_url} too. Held off by: personal details are left out first.")
    return [
        Section(
            "What is done and why",
            (*_purposes(pack), "Labels are worked out by weighted cues and a small trained model on this machine."),
            ("How many people are concerned, and whether children or people at risk are among them.",),
        ),
        Section("Whose data, and which", (*_PEOPLE, *_DATA)),
        Section("Who was asked", (), ("What residents, staff and the data protection officer said of it.",)),
        Section(
            "Is it needed, and is it in proportion?",
            (
                "Only what is said to us or about us on our own channels is read. Nobody is watched by name.",
                "No decision about a person is made without a person.",
            ),
            ("Why the same could not be done with less.",),
        ),
        Section("How long it is kept", tuple(_kept(told))),
        Section("Who receives it", tuple(_recipients(pack, at))),
        Section(
            "Risks, and what holds them off", tuple(risks), ("How likely and how grave each is, and what is left.",)
        ),
        Section("Security", tuple(_security())),
        Section(
            "Signed off by", (), ("Name, role and date; the advice of the data protection officer; the next review.",)
        ),
    ]


def as_markdown(made: Paper) -> str:
    """The paper as Markdown, with what is open marked."""
    lines = [f"# {made.title}", "", f"{made.organisation}, {_day(made.made_at)}.", ""]
    lines.append("Filled by Gatepost from how the desk is set up. “To write” is left to you.")
    for section in made.sections:
        lines += ["", f"## {section.title}", ""]
        lines += [f"* {fact}" for fact in section.facts]
        lines += [f"* **To write:** {ask}" for ask in section.ask]
    return "\n".join((*lines, ""))


def rights_and_purposes(at: datetime) -> dict[str, list[str]]:
    """What a person is told beside their data (Article 15(1))."""
    pack, told = in_force(at), preview(at=at)
    return {
        "Why": list(_purposes(pack)),
        "Who receives it": _recipients(pack, at),
        "How long": _kept(told),
        "Your rights": list(_RIGHTS),
    }
