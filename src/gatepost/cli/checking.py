"""`gatepost check`: what the policy says of an outgoing draft. Needs no desk."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from gatepost.cli.packs import WRONG, add_pack, pack_of
from gatepost.networks.limits import NoLimits, limits, network_title
from gatepost.policy.check import NetworkLimits, check
from gatepost.policy.model import Image, Inbound, Line, Outbound, Stated

SIZE_LIMIT = 4 * 1024 * 1024


class DraftImage(BaseModel):
    model_config = ConfigDict(extra="forbid")
    mime: str = "image/jpeg"
    width: int = Field(0, ge=0)
    height: int = Field(0, ge=0)
    bytes: int = Field(0, ge=0)
    alt: str = ""
    sharpness: float | None = Field(None, ge=0)
    text_share: float | None = Field(None, ge=0, le=1)
    words: str = Field("", max_length=4_000)
    captions: bool | None = None
    seconds: float | None = Field(None, ge=0)


class DraftStated(BaseModel):
    model_config = ConfigDict(extra="forbid")
    what: str = ""
    value: str


class DraftLine(BaseModel):
    """An approved line to hold the draft to."""

    model_config = ConfigDict(extra="forbid")
    topic: str
    text: str
    words: list[str] = []
    figures: list[DraftStated] = []
    dates: list[DraftStated] = []


class Draft(BaseModel):
    """What standard input may hold."""

    model_config = ConfigDict(extra="forbid")
    text: str
    network: str = ""
    kind: str = Field("post", pattern="^(post|reply|private|wording)$")
    link: str = ""
    images: list[DraftImage] = []
    answering: str = ""
    wording: str = ""
    person_wrote_first: bool = False
    exchanges: int = Field(0, ge=0)
    lines: list[DraftLine] = Field([], max_length=1_000)
    post_kind: str = ""
    aim: str | None = None
    leaves: AwareDatetime | None = None
    summoned: bool | None = None
    last_private: AwareDatetime | None = None
    commented: AwareDatetime | None = None  # when the public comment was written that this answers privately
    closed_group: bool = False


def add_to(commands: Any) -> None:
    parser = commands.add_parser("check", help="findings for an outgoing draft (JSON on standard input)")
    parser.add_argument("--json", action="store_true", help="findings as JSON")
    add_pack(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit 0 when nothing stops the draft, 1 when the input is bad, 2 when something stops it."""
    data = sys.stdin.buffer.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        print(f"The draft is longer than {SIZE_LIMIT // 1024 // 1024} MB.", file=sys.stderr)
        return 1
    if not data.strip():
        print('There is no draft to check. Give one on standard input: {"text": "…", "network": "x"}.', file=sys.stderr)
        return 1
    try:
        pack = pack_of(arguments)
        draft = Draft.model_validate_json(data)
        known = NetworkLimits.of(limits(draft.network)) if draft.network else None
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            place = ".".join(str(part) for part in problem["loc"]) or "the draft"
            print(f"{place}: {problem['msg']}.", file=sys.stderr)
        return 1
    except (*WRONG, NoLimits) as error:
        print(error, file=sys.stderr)
        return 1
    findings = check(_outbound(draft), pack, datetime.now(UTC), known)
    if arguments.json:
        print(json.dumps([asdict(found) for found in findings], indent=1))
    else:
        for found in findings:
            words = draft.text[found.start : found.end]
            where = f" “{words}”" if found.field == "text" and words else ""
            because = f" ({found.clause})" if found.clause else ""
            print(f"{found.severity.capitalize()}{because}{where}: {found.message} {found.mend}")
        if not findings:
            print("The policy finds nothing to mend.")
    return 2 if any(found.severity == "stop" for found in findings) else 0


def _line(key: str, line: DraftLine) -> Line:
    figures, dates = (tuple(Stated(one.what, one.value) for one in some) for some in (line.figures, line.dates))
    return Line(key, line.topic, tuple(line.words), line.text, figures, dates)


def _outbound(draft: Draft) -> Outbound:
    return Outbound(
        text=draft.text,
        network=draft.network,
        called=network_title(draft.network) if draft.network else "",
        kind=draft.kind,
        link=draft.link,
        images=tuple(Image(**image.model_dump()) for image in draft.images),
        answering=Inbound("answered", draft.answering) if draft.answering else None,
        wording=draft.wording,
        person_wrote_first=draft.person_wrote_first,
        exchanges=draft.exchanges,
        lines=tuple(_line(str(place), line) for place, line in enumerate(draft.lines)),
        post_kind=draft.post_kind,
        aim=draft.aim,
        leaves=draft.leaves,
        summoned=draft.summoned,
        last_private=draft.last_private,
        commented=draft.commented,
        closed_group=draft.closed_group,
    )
