"""A written policy handed in: read by a job, looked over by a person, then a draft."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from gatepost.jobs import Job, enqueue
from gatepost.ledger.actions import Actor, record
from gatepost.lifecycle import Conflict
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.policy.editing import CannotChange, Change, apply
from gatepost.policy.importing.by_hand import ByHand, by_hand
from gatepost.policy.importing.drafting import DraftPack, draft
from gatepost.policy.importing.paper import MOST_BYTES, ImportProblem
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force
from gatepost.rulebook.drafts import CLAUSES, DraftError, bring_in
from gatepost.rulebook.guarded import guarded
from gatepost.rulebook.models import PackDraft, PolicyImport

log = logging.getLogger("gatepost.rulebook")

ENDINGS = ("docx", "odt", "pdf", "html", "htm", "md", "txt")


@transaction.atomic
def hand_in(name: str, data: bytes, *, by: User, at: datetime) -> PolicyImport:
    """Takes a written policy and has a job read it. Raises NotAllowed, DraftError."""
    require_sign_off(by, at)
    name = " ".join(name.replace("\\", "/").rpartition("/")[2].split())[-200:] or "policy"
    if not data:
        raise DraftError("The file is empty. Choose the file that holds the policy.", field="file")
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise DraftError(f"The file is over {most} MB. Take out the pictures, or save the text alone.", field="file")
    made = PolicyImport.objects.create(name=name, file=data, by=by.actor, at=at)
    record("import.asked", f"import:{made.pk}", by=by, at=at, clauses=CLAUSES, detail={"bytes": len(data)})
    enqueue(Job.READ_POLICY, lock="read_policy", policy_import=made.pk)
    return made


def read(handed: PolicyImport, *, by: Actor, at: datetime) -> None:
    """Reads what was handed in. What goes wrong becomes its answer, but for a database that is away."""
    if not PolicyImport.objects.filter(pk=handed.pk, ended_at=None).update(started_at=at):
        return
    try:
        words = in_force(at).files["words.toml"]
        made = draft(guarded(handed.name, bytes(handed.file or b"")), words)
    except (OperationalError, InterfaceError):
        raise
    except ImportProblem as problem:
        _ends(handed, failed=str(problem), by=by, at=at)
    except Exception as error:  # whatever is in a file, whoever waits for it gets an answer
        log.exception("import %s could not be read", handed.pk)
        says = f"The desk could not make a policy of this file ({type(error).__name__}). Save it as plain text, and try"
        _ends(handed, failed=f"{says} again.", by=by, at=at)
    else:
        _ends(handed, found=_kept(made), by=by, at=at)


@transaction.atomic
def _ends(
    handed: PolicyImport, *, found: dict[str, Any] | None = None, failed: str = "", by: Actor, at: datetime
) -> None:
    done = PolicyImport.objects.filter(pk=handed.pk, ended_at=None)
    if done.update(ended_at=at, found=found, failed=failed, file=None):
        record("import.ended", f"import:{handed.pk}", by=by, at=at, detail={"failed": bool(failed)})


def _kept(made: DraftPack) -> dict[str, Any]:
    return {
        "files": made.policy_files,
        "clauses": [
            {
                "id": one.id,
                "text": one.text,
                "place": one.place,
                "kind": one.kind.duty,
                "about": one.kind.about,
                "confidence": one.kind.confidence,
                "doubt": one.doubt,
            }
            for one in made.clauses
        ],
        "guesses": [
            {
                "what": one.what,
                "value": one.value,
                "clause": one.clause,
                "place": one.place,
                "confidence": one.confidence,
                "note": one.note,
            }
            for one in made.guesses
        ],
        "remarks": list(made.remarks),
        "sentences": [
            {"text": one.text, "place": one.place, "became": one.became, "clause": one.clause, "note": one.note}
            for one in made.sentences
        ],
    }


def to_do(found: Mapping[str, Any], pack: Pack) -> tuple[ByHand, ...]:
    """What is left to be done by hand in `pack`, made of what was found. What has been mended is not in it."""
    return by_hand(pack, hours_found=any(one["what"] == "hours" for one in found["guesses"]))


def to_do_of(draft: PackDraft, pack: Pack) -> tuple[ByHand, ...]:
    """The same for a draft; nothing when no written policy was brought in for it."""
    handed = PolicyImport.objects.filter(draft=draft).defer("file").first()
    return to_do(handed.found, pack) if handed is not None and handed.found is not None else ()


@transaction.atomic
def accept(handed: PolicyImport, changes: Sequence[Change], *, title: str, by: User, at: datetime) -> PackDraft:
    """Makes a draft of what was read, with what the person who looked it over changed. Raises NotAllowed, Conflict,
    DraftError."""
    require_sign_off(by, at)
    handed = PolicyImport.objects.select_for_update().get(pk=handed.pk)
    if handed.draft_id is not None:
        raise Conflict("A draft has been made of this already.")
    if handed.found is None:
        raise DraftError(handed.failed or "The file is still being read.")
    files: Mapping[str, str] = handed.found["files"]
    if changes:
        try:
            made = apply(files, *changes)
        except CannotChange as error:
            raise DraftError(str(error), field=error.field) from error
        if made.problems:
            says = "With these answers the policy could not be read. Nothing has been saved."
            raise DraftError(says, made.problems)
        files = made.files
    made_of = bring_in(title or handed.name[:120], files, by=by, at=at)
    PolicyImport.objects.filter(pk=handed.pk).update(draft=made_of)
    record("import.accepted", f"import:{handed.pk}", by=by, at=at, clauses=CLAUSES, detail={"draft": made_of.pk})
    return made_of
