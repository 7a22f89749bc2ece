"""What is held about a person as one file to hand over: data for programs, and a page to read.

The person's own words stand as written. In the words of others, of our staff and of departments, the details of anybody
else are left out by name, and so is who wrote them.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.html import escape

from gatepost.gate.models import Act
from gatepost.inbox.attachments import path_of
from gatepost.inbox.intake_models import Attachment
from gatepost.inbox.masking import masked
from gatepost.inbox.models import Contact, Message
from gatepost.inbox.personal.finding import message_of, place_of
from gatepost.inbox.personal.marks import figures
from gatepost.inbox.personal.officer import require_officer
from gatepost.inbox.personal.processing import rights_and_purposes
from gatepost.inbox.personal.register import MESSAGES, PLACES, Place
from gatepost.inbox.personal.requests import require_identity
from gatepost.inbox.personal_models import PersonRequest
from gatepost.lifecycle import advance
from gatepost.people.models import User
from gatepost.policy.model import Span
from gatepost.policy.pack import Pack
from gatepost.policy.reading import evidence
from gatepost.rulebook.actions import in_force

FORMAT = "gatepost person bundle 1"
README = """What is held about one person, made by Gatepost.

data.html      everything, to read and to print
data.json      the same, for programs
attachments/   the files that hung on the messages, as they came
manifest.json  the SHA-256 of every file

Other people's details are left out of the words and named where they stood: "(phone number hidden)". Nobody has looked
into the attachments: do so before they are handed over.
"""


@dataclass(frozen=True, slots=True)
class Own:
    """What a person is known by, to tell their details from those of others."""

    numbers: frozenset[str]
    words: frozenset[str]

    def holds(self, found: str) -> bool:
        plain = " ".join(found.split()).casefold()
        digits = figures(found)
        return (len(digits) >= 6 and digits in self.numbers) or any(
            word in plain or plain in word for word in self.words if len(plain) >= 3
        )


def own_of(request: PersonRequest, messages: Iterable[Message], pack: Pack) -> Own:
    """What was looked for, what the accounts are called, and what the person wrote down of themselves."""
    known: Mapping[str, str] = request.known_by
    numbers = {figures(value) for kind, value in known.items() if kind == "number"}
    words = {value.lstrip("@").casefold() for kind, value in known.items() if kind != "number"}
    for contact in Contact.objects.filter(pk__in=request.contacts):
        words |= {name.lstrip("@").casefold() for name in (contact.name, contact.handle) if len(name) > 2}
    for message in messages:
        for sign in evidence(message.text, pack.words)["personal_details"][1]:
            found = message.text[sign.start : sign.end]
            if sign.kind == "phone":
                numbers.add(figures(found))
            elif sign.kind in ("email", "postcode"):
                words.add(found.casefold())
    return Own(frozenset(numbers), frozenset(words))


def for_person(text: str, own: Own, pack: Pack) -> str:
    """Words of others as the person may see them: everybody else's details left out by name."""
    signs = evidence(text, pack.words)["personal_details"][1]
    spans = [
        Span(sign.start, sign.end, "personal_details", sign.kind)
        for sign in signs
        if sign.end > sign.start and not own.holds(text[sign.start : sign.end])
    ]
    return masked(text, spans)


def data_of(request: PersonRequest, *, at: datetime) -> dict[str, Any]:
    """Everything of a request as plain data. Reads only."""
    pack = in_force(at)
    rows = Message.objects.filter(contact__in=request.contacts, erased_at=None)
    messages = list(rows.select_related("channel", "decision", "contact").order_by("posted_at", "pk"))
    own = own_of(request, messages, pack)
    accounts = Contact.objects.filter(pk__in=request.contacts).order_by("network", "pk")
    return {
        "format": FORMAT,
        "organisation": pack.organisation,
        "made_at": at.isoformat(),
        "request": {
            "number": request.pk,
            "received_on": request.received_on.isoformat(),
            "answer_by": request.answer_by.isoformat(),
            "looked_for": request.known_by,
        },
        "accounts": [
            {
                "network": one.network,
                "name": one.name,
                "handle": one.handle,
                "id_on_the_network": one.external_id,
                "first_seen_at": one.first_seen_at.isoformat(),
            }
            for one in accounts
        ],
        "messages": [_message(one, own, pack) for one in messages],
        "mentions": [found for key in request.mentions if (found := _mention(key, own, pack))],
        "about": rights_and_purposes(at),
    }


def _message(message: Message, own: Own, pack: Pack) -> dict[str, Any]:
    kept = message.decision
    acts = Act.objects.filter(subject=message.subject).exclude(state="withdrawn").order_by("created_at")
    beside: dict[str, list[dict[str, Any]]] = {}
    for place in PLACES:
        if place.shown and place.hangs == "message":
            found = [_row(place, row, own, pack) for row in place.of([message.pk]).order_by("pk")]
            if found:
                beside[place.title] = found
    return {
        "number": message.pk,
        "channel": message.channel.name,
        **{name: _plain(getattr(message, name)) for name in MESSAGES.shown if name != "done_because"},
        "closed_because": for_person(message.done_because, own, pack),
        "decided": {
            "read_as": kept.decided,
            "likelihoods": kept.labels,
            "clauses": kept.clauses,
            "referred_to": kept.refer,
            "policy": kept.pack_id[:12],
            "readers": "worked out by the desk's readers; a person decided what was done",
        },
        "what_we_did": [
            {
                "what": act.kind,
                "state": act.state,
                "at": _plain(act.sent_at or act.created_at),
                "text": act.content.get("text", ""),
                "reason": for_person(act.reason, own, pack),
                "clauses": act.clauses,
            }
            for act in acts
        ],
        "kept_beside_it": beside,
    }


def _row(place: Place, row: Any, own: Own, pack: Pack) -> dict[str, Any]:
    return {
        name: for_person(value, own, pack) if isinstance(value := getattr(row, name), str) else _plain(value)
        for name in place.shown
    }


def _mention(key: str, own: Own, pack: Pack) -> dict[str, Any]:
    """What somebody else wrote of the person: without who it was."""
    model, _, number = key.rpartition(":")
    place = place_of(model)
    row = place.rows.filter(pk=int(number)).first()
    if row is None:
        return {}
    message = message_of(place, row)
    words = [for_person(str(getattr(row, column)), own, pack) for column in place.words if getattr(row, column)]
    moment = message.posted_at if message is not None else getattr(row, "at", None)
    return {"where": place.title, "by": "somebody else", "at": _plain(moment), "text": "\n".join(words)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def sent_along(request: PersonRequest) -> dict[str, bytes]:
    """What hung on the person's messages and is still on the desk, by its name in the file."""
    rows = Attachment.objects.filter(message__contact__in=request.contacts, message__erased_at=None).exclude(sha256="")
    found: dict[str, bytes] = {}
    for one in rows.order_by("pk"):
        try:
            body = path_of(one.sha256).read_bytes()
        except OSError:  # its line in data.json still says that it was there
            continue
        name = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in one.name)[-80:]
        found[f"attachments/{one.sha256[:12]}-{name or 'file'}"] = body
    return found


def bundle(data: Mapping[str, Any], attachments: Mapping[str, bytes] | None = None) -> bytes:
    """The ZIP of what data_of() told, with what hung on the messages."""
    files = {
        "README.txt": README.encode(),
        "data.json": json.dumps(data, indent=1, ensure_ascii=False).encode(),
        "data.html": page(data).encode(),
        **(attachments or {}),
    }
    told = {name: {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)} for name, body in files.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in files.items():
            file.writestr(name, body)
        file.writestr("manifest.json", json.dumps(told, indent=1).encode())
    return out.getvalue()


@transaction.atomic
def hand_over(request: PersonRequest, *, by: User, at: datetime) -> bytes:
    """The ZIP of a request, made now and kept nowhere; that it was made is recorded with its digest. Raises NotAllowed,
    PersonalError, Conflict."""
    require_officer(by, at)
    require_identity(request)
    data = data_of(request, at=at)
    body = bundle(data, sent_along(request))
    detail = {
        "sha256": hashlib.sha256(body).hexdigest(),
        "bytes": len(body),
        "messages": len(data["messages"]),
        "mentions": len(data["mentions"]),
    }
    advance(request, "exported", by=by, at=at, clauses=["desk:personal_data"], detail=detail, exported_at=at)
    return body


def page(data: Mapping[str, Any]) -> str:
    """The same to read: one page that needs nothing else."""
    parts = [
        f"<h1>What {escape(data['organisation'])} holds about you</h1>",
        f"<p>Made on {_day(data['made_at'])}. You asked on {_day(data['request']['received_on'])}.</p>",
        "<h2>Accounts</h2>",
        _list(
            f"{one['name'] or 'No name'} {one['handle']} on {one['network']}, first seen {_day(one['first_seen_at'])}"
            for one in data["accounts"]
        ),
        "<h2>What you wrote, and what was done</h2>",
        *(_message_html(one) for one in data["messages"]),
        "<p>Nothing.</p>" if not data["messages"] else "",
        "<h2>Where others mention you</h2>",
        *(
            f"<section><p><strong>{escape(one['where'])}</strong>, {_day(one['at'])}, by {escape(one['by'])}</p>"
            f"<blockquote>{_words(one['text'])}</blockquote></section>"
            for one in data["mentions"]
        ),
        "<p>Nothing.</p>" if not data["mentions"] else "",
        "<h2>Why this is held, who sees it, how long, and your rights</h2>",
        *(f"<h3>{escape(title)}</h3>{_list(lines)}" for title, lines in data["about"].items()),
    ]
    return PAGE.format(title=escape(f"What {data['organisation']} holds about you"), body="\n".join(parts))


PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body {{ font: 1rem/1.5 sans-serif; color: #14211f; background: #fff;
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
section {{ border-top: 1px solid #c9d3d0; padding: .5rem 0 1rem; break-inside: avoid }}
blockquote {{ margin: .5rem 0; padding-left: 1rem; border-left: 4px solid #667672; overflow-wrap: anywhere }}
</style></head><body><main>
{body}
</main></body></html>
"""


def _message_html(one: Mapping[str, Any]) -> str:
    where = f"{one['channel']}, {'privately' if one['private'] else 'publicly'}, {_day(one['posted_at'])}"
    lines = [f"<p><strong>{escape(where)}</strong></p><blockquote>{_words(one['text'] or 'No words.')}</blockquote>"]
    read_as = ", ".join(label.replace("_", " ") for label in one["decided"]["read_as"]) or "nothing in particular"
    lines.append(f"<p>Read by the desk as: {escape(read_as)}. It is now: {escape(one['state'])}.</p>")
    if one["closed_because"]:
        lines.append(f"<p>Closed: {escape(one['closed_because'])}</p>")
    for act in one["what_we_did"]:
        lines.append(f"<p>We: {escape(act['what'])}, {escape(act['state'])}, {_day(act['at'])}.</p>")
        if act["text"]:
            lines.append(f"<blockquote>{_words(act['text'])}</blockquote>")
        if act["reason"]:
            lines.append(f"<p>Why: {escape(act['reason'])}</p>")
    for title, rows in one["kept_beside_it"].items():
        lines.append(f"<h3>{escape(title)}</h3>")
        lines.append(_list(_told(row) for row in rows))
    return f"<section>{''.join(lines)}</section>"


def _told(row: Mapping[str, Any]) -> str:
    parts = (f"{name.replace('_', ' ')}: {value}" for name, value in row.items() if value not in ("", None))
    return "; ".join(parts)


def _list(lines: Iterable[str]) -> str:
    found = "".join(f"<li>{_words(line)}</li>" for line in lines)
    return f"<ul>{found}</ul>" if found else "<p>None.</p>"


def _words(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _day(moment: str | None) -> str:
    if not moment:
        return "at a time not known"
    if len(moment) == 10:
        return f"{date.fromisoformat(moment):%-d %B %Y}"
    return f"{timezone.localtime(datetime.fromisoformat(moment)):%-d %B %Y, %H:%M}"
