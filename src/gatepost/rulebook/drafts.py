"""Drafts of the policy: begun, changed one thing at a time, tried before a change is saved, never overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from gatepost.jobs import Job, enqueue
from gatepost.ledger.actions import record
from gatepost.lifecycle import Conflict
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.policy.diff import diff
from gatepost.policy.editing import CannotChange, Change, Edited, apply
from gatepost.policy.pack import Pack, load_files
from gatepost.policy.problems import PackError, Problem
from gatepost.rulebook.actions import adopt, in_force, pack_of
from gatepost.rulebook.models import DraftVersion, PackDraft, PackVersion, Trial

CLAUSES = ["desk:policy"]
OPEN_LIMIT = 100  # drafts that are neither adopted nor put away
SAYS_LIMIT = 4_000  # characters kept of what changed


class DraftError(Exception):
    """This cannot be done with the draft: the text says why. `problems`: what is wrong in its files, if that is why;
    `field`: the field of the change to blame, if it is one."""

    def __init__(self, message: str, problems: Sequence[Problem] = (), field: str = "") -> None:
        super().__init__(message)
        self.problems, self.field = tuple(problems), field


@lru_cache(maxsize=4)
def _loaded(draft: int, number: int, digest: str) -> Pack:
    return load_files(DraftVersion.objects.get(draft=draft, number=number).files)


def head(draft: PackDraft) -> DraftVersion:
    """The draft as it was last saved."""
    return DraftVersion.objects.get(draft=draft, number=draft.version)


def pack_of_draft(draft: PackDraft) -> Pack:
    """The draft's pack. Raises PackError when it was saved under a release that read packs otherwise."""
    digest = DraftVersion.objects.values_list("digest", flat=True).get(draft=draft, number=draft.version)
    return _loaded(draft.pk, draft.version, digest)


@transaction.atomic
def begin(title: str, *, by: User, at: datetime, digest: str = "") -> PackDraft:
    """A draft that starts from the policy in force, or from the version kept under `digest`.

    Raises NotAllowed, NoPolicy, DraftError.
    """
    require_sign_off(by, at)
    if not digest:
        digest = in_force(at).digest
    if not PackVersion.objects.filter(pk=digest).exists():
        raise DraftError("There is no such version of the policy to begin from.")
    return _made(title, pack_of(digest), based_on=digest, by=by, at=at, says="The draft begins.")


@transaction.atomic
def bring_in(title: str, files: Mapping[str, str], *, by: User, at: datetime) -> PackDraft:
    """A draft from files made elsewhere. Raises NotAllowed, and DraftError with every problem when they do not load."""
    require_sign_off(by, at)
    try:
        pack = load_files(files)
    except PackError as error:
        raise DraftError("These files are no policy the desk can read.", error.problems) from error
    return _made(title, pack, based_on="", by=by, at=at, says="Brought in from outside.")


def _made(title: str, pack: Pack, *, based_on: str, by: User, at: datetime, says: str) -> PackDraft:
    title = " ".join(title.split()) or f"Change of {pack.title}"
    if len(title) > 120:
        raise DraftError("The name of a draft has at most 120 characters.", field="title")
    if PackDraft.objects.filter(closed_at=None).count() >= OPEN_LIMIT:
        raise DraftError(f"There are {OPEN_LIMIT} drafts already. Put away those that are not wanted any more.")
    who = by.actor
    draft = PackDraft.objects.create(
        title=title, based_on=based_on, made_by=who, made_at=at, changed_by=who, changed_at=at
    )
    _version(draft, 1, pack, says=says, by=by, at=at)
    detail = {"digest": pack.digest, "based_on": based_on}
    record("draft.begun", f"draft:{draft.pk}", by=by, at=at, clauses=CLAUSES, detail=detail)
    return draft


def _version(draft: PackDraft, number: int, pack: Pack, *, says: str, by: User, at: datetime) -> None:
    DraftVersion.objects.create(
        draft=draft,
        number=number,
        files=dict(pack.files),
        digest=pack.digest,
        by=by.actor,
        at=at,
        says=says[:SAYS_LIMIT],
    )


def changed(draft: PackDraft, change: Change, *, version: int) -> Edited:
    """The draft with one change, not saved. Raises Conflict, and DraftError when it would not load or is the same."""
    _require_current(draft, version)
    now = head(draft)
    try:
        made = apply(now.files, change)
    except CannotChange as error:
        raise DraftError(str(error), field=error.field) from error
    if made.pack is None:
        raise DraftError("With this change the policy could not be read. Nothing has been saved.", made.problems)
    if made.pack.digest == now.digest:
        raise DraftError("Nothing is different from what the draft says already.")
    return made


def _require_current(draft: PackDraft, version: int) -> None:
    draft.refresh_from_db()
    if draft.closed_at is not None:
        raise Conflict("This draft has been adopted or put away. Begin another one from the policy in force.")
    if draft.version != version:
        says = "Somebody has changed this draft since you opened it. What you wrote is still in the form: look at the"
        raise Conflict(f"{says} draft as it is now, then make your change again.")


@transaction.atomic
def save(draft: PackDraft, change: Change, *, version: int, by: User, at: datetime) -> PackDraft:
    """Saves one change as the draft's next version. `version`: the one it was made from.

    Raises NotAllowed, Conflict when somebody else was faster, DraftError.
    """
    require_sign_off(by, at)
    made = changed(draft, change, version=version)
    return _saved(draft, made.pack, version=version, by=by, at=at)


def _saved(draft: PackDraft, pack: Pack | None, *, version: int, by: User, at: datetime) -> PackDraft:
    if pack is None:
        raise DraftError("The policy could not be read.")
    before = pack_of_draft(draft)
    free = PackDraft.objects.filter(pk=draft.pk, version=version, closed_at=None)
    if not free.update(version=version + 1, changed_by=by.actor, changed_at=at):
        _require_current(draft, version)
    says = "\n".join(str(one) for one in diff(before, pack)) or "Only notes or layout."
    _version(draft, version + 1, pack, says=says, by=by, at=at)
    detail = {"digest": pack.digest, "version": version + 1}
    record("draft.saved", f"draft:{draft.pk}", by=by, at=at, clauses=CLAUSES, detail=detail)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def undo(draft: PackDraft, *, version: int, by: User, at: datetime) -> PackDraft:
    """Saves the version before the latest as a new one. Raises NotAllowed, Conflict, DraftError."""
    require_sign_off(by, at)
    _require_current(draft, version)
    if version < 2:
        raise DraftError("Nothing has been changed in this draft yet.")
    before = DraftVersion.objects.get(draft=draft, number=version - 1)
    return _saved(draft, load_files(before.files), version=version, by=by, at=at)


@transaction.atomic
def attempt(draft: PackDraft, change: Change | None, *, version: int, by: User, at: datetime) -> Trial:
    """Runs the draft, with a change that is not yet saved, over the last month: a job does it, and the trial says how
    far it is. Raises NotAllowed, NoPolicy, Conflict, DraftError."""
    require_sign_off(by, at)
    against = in_force(at)
    if change is None:
        _require_current(draft, version)
        pack = pack_of_draft(draft)
        says = "The draft as it stands."
    else:
        made = changed(draft, change, version=version)
        if made.pack is None:
            raise DraftError("The policy could not be read.")
        pack = made.pack
        says = "\n".join(str(one) for one in diff(pack_of_draft(draft), pack)) or "Only notes or layout."
    trial = Trial.objects.create(
        draft=draft,
        base=version,
        change=change.model_dump(mode="json", by_alias=True) if change is not None else None,
        files=dict(pack.files),
        digest=pack.digest,
        says=says[:SAYS_LIMIT],
        against=against.digest,
        by=by.actor,
        at=at,
    )
    detail = {"digest": pack.digest, "against": against.digest}
    record("trial.asked", f"trial:{trial.pk}", by=by, at=at, clauses=CLAUSES, detail=detail)
    enqueue(Job.TRY_DRAFT, lock="try_draft", trial=trial.pk)
    return trial


@transaction.atomic
def keep(trial: Trial, *, by: User, at: datetime) -> PackDraft:
    """Saves what was tried as the draft's next version. Raises NotAllowed, Conflict, DraftError."""
    require_sign_off(by, at)
    draft = PackDraft.objects.get(pk=trial.draft_id)
    if trial.change is None:
        raise DraftError("This was the draft as it stands: there is nothing to save.")
    if trial.kept_as is not None:
        raise DraftError("This change has been saved already.")
    _require_current(draft, trial.base)
    saved = _saved(draft, load_files(trial.files), version=trial.base, by=by, at=at)
    Trial.objects.filter(pk=trial.pk).update(kept_as=saved.version)
    return saved


@transaction.atomic
def put_away(draft: PackDraft, *, version: int, by: User, at: datetime) -> None:
    """Ends work on a draft that is not wanted. It stays readable. Raises NotAllowed, Conflict."""
    require_sign_off(by, at)
    _require_current(draft, version)
    _close(draft, version=version, by=by, at=at)
    record("draft.put_away", f"draft:{draft.pk}", by=by, at=at, clauses=CLAUSES, detail={"version": version})


@transaction.atomic
def adopt_draft(
    draft: PackDraft, *, version: int, by: User, at: datetime, starts: datetime | None = None
) -> PackVersion:
    """Puts the draft in force from `starts`, or at once. Raises NotAllowed, Conflict, Untested, NotNow, PackError."""
    require_sign_off(by, at)
    _require_current(draft, version)
    pack = pack_of_draft(draft)
    kept = adopt(pack, by=by, at=at, starts=starts)
    _close(draft, version=version, by=by, at=at, adopted=pack.digest)
    detail = {"digest": pack.digest, "version": version}
    record("draft.adopted", f"draft:{draft.pk}", by=by, at=at, clauses=CLAUSES, detail=detail)
    return kept


def _close(draft: PackDraft, *, version: int, by: User, at: datetime, adopted: str = "") -> None:
    """Nobody changes it any more. Raises Conflict when somebody has changed it a moment ago."""
    free = PackDraft.objects.filter(pk=draft.pk, version=version, closed_at=None)
    if not free.update(closed_at=at, closed_by=by.actor, adopted=adopted):
        _require_current(draft, version)
