"""The margin of a waiting act: its steps, who may sign and how, what is suggested, who is asked from outside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from gatepost.gate import series
from gatepost.gate.approval import concerns, wrote
from gatepost.gate.content import WRITES
from gatepost.gate.models import Act, Suggestion
from gatepost.gate.proofs import options
from gatepost.gate.seal import together
from gatepost.people.authority import signs_off
from gatepost.people.models import User
from gatepost.people.passkeys import possible
from gatepost.web.sign_off.doing import host_of
from gatepost.web.sign_off.group import diff
from gatepost.web.sign_off.steps import paths_of, signers_of, simple, stands_for, wants_passkey, why_not


def signing_of(
    request: HttpRequest, acts: Sequence[Act], person: User, *, at: datetime, waiting: bool
) -> dict[str, Any]:
    """What the page shows beside the seal; of an act that no longer waits only its steps."""
    paths = paths_of(acts)
    found: dict[str, Any] = {"paths": paths, "simple": simple(paths), "suggestion": None, "signers": []}
    if not waiting:
        return found
    no = why_not(person, acts, at)
    host = host_of(request)
    asked = options(person, together(act.digest for act in acts), host=host) if not no else None
    mine = any(wrote(person, act) for act in acts)
    suggestion = Suggestion.objects.filter(act__in=acts, outcome="").select_related("by", "act").first()
    return {
        **found,
        "may_not": no,
        "signers": signers_of(acts, at),
        "instead_of": "" if no else stands_for(person, acts, at),
        "passkey": json.dumps(asked) if asked else "",
        "passkey_needed": not no and wants_passkey(person, acts, at),
        "passkeys_possible": possible(host, secure=request.is_secure()),
        "suggestion": suggestion,
        "suggested": diff(suggestion.act.content["text"], suggestion.text) if suggestion else (),
        "overtaken": suggestion is not None and suggestion.digest != suggestion.act.digest,
        "mine": mine,
        "may_suggest": acts[0].kind in WRITES and not mine and _may(person, acts, at),
        "may_decline": not mine and _may(person, acts, at),
        "may_ask": mine or signs_off(person, at),
        "may_ahead": not no and all(not series.why_not(act, at=at) for act in acts),
    }


def _may(person: User, acts: Sequence[Act], at: datetime) -> bool:
    return signs_off(person, at) or all(concerns(person, act, at=at) for act in acts)
