"""The actions of the policy: the same calls the screens make."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from datetime import datetime
from typing import Literal

from gatepost.calls import policy_asked as asked
from gatepost.calls.asked import Nothing
from gatepost.calls.found import NoSuch, numbered, one_of
from gatepost.channels.actions import require_reader
from gatepost.gate.standing import unsigned_wordings
from gatepost.people.models import User
from gatepost.policy import examples
from gatepost.policy.diff import diff
from gatepost.policy.lint import lint
from gatepost.policy.pack import Pack, load_files
from gatepost.rulebook import actions as rulebook
from gatepost.rulebook import drafts, imports, shadow, zipped
from gatepost.rulebook.models import Adoption, PackDraft, PackVersion, PolicyImport, Shadow, Trial


def _draft(pk: int) -> PackDraft:
    return numbered(PackDraft.objects.all(), pk, "draft")


def _pack(wish: asked.PolicyNamed, at: datetime) -> Pack:
    if wish.draft is not None:
        return drafts.pack_of_draft(_draft(wish.draft))
    if wish.digest is None:
        return rulebook.in_force(at)
    if not PackVersion.objects.filter(pk=wish.digest).exists():
        raise NoSuch("No version of the policy with this digest is kept here.")
    return rulebook.pack_of(wish.digest)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise drafts.DraftError("The file is not base64.", field="file") from error


def _draft_out(draft: PackDraft) -> asked.DraftOut:
    return asked.DraftOut(
        id=draft.pk,
        title=draft.title,
        version=draft.version,
        digest=drafts.head(draft).digest,
        based_on=draft.based_on,
        changed_at=draft.changed_at,
        open=draft.closed_at is None,
        adopted=draft.adopted,
    )


def _how_far(row: Trial | PolicyImport) -> Literal["waiting", "running", "done", "failed"]:
    if row.ended_at is not None:
        return "failed" if row.failed else "done"
    return "running" if row.started_at is not None else "waiting"


def _trial_out(trial: Trial) -> asked.TrialOut:
    return asked.TrialOut(
        id=trial.pk,
        draft=trial.draft_id,
        base=trial.base,
        digest=trial.digest,
        against=trial.against,
        state=_how_far(trial),
        done=trial.done,
        total=trial.total,
        says=trial.says,
        result=trial.result,
        failed=trial.failed,
        kept_as=trial.kept_as,
    )


def _import_out(handed: PolicyImport) -> asked.ImportOut:
    return asked.ImportOut(
        id=handed.pk,
        name=handed.name,
        state=_how_far(handed),
        failed=handed.failed,
        draft=handed.draft_id,
        found=handed.found,
        to_do=_to_do(handed),
    )


def _to_do(handed: PolicyImport) -> list[asked.ByHandOut]:
    if handed.found is None:
        return []
    pack = load_files(handed.found["files"]) if handed.draft is None else drafts.pack_of_draft(handed.draft)
    return [asked.ByHandOut.model_validate(one) for one in imports.to_do(handed.found, pack)]


def policy_test(wish: asked.PolicyNamed, *, by: User, at: datetime) -> asked.TestOut:
    pack = _pack(wish, at)
    rows = [
        asked.ExampleOut(id=one.id, ok=one.ok, failures=list(one.failures), clauses=list(one.clauses))
        for one in examples.run(pack, at)
    ]
    hold = sum(row.ok for row in rows)
    return asked.TestOut(digest=pack.digest, hold=hold, fail=len(rows) - hold, examples=rows)


def policy_lint(wish: asked.PolicyNamed, *, by: User, at: datetime) -> asked.LintOut:
    pack = _pack(wish, at)
    found = [asked.DoubtOut(**asdict(one)) for one in lint(pack, at)]
    return asked.LintOut(digest=pack.digest, findings=found)


def policy_diff(wish: asked.PolicyDiff, *, by: User, at: datetime) -> asked.DiffOut:
    old, new = _pack(wish.old, at), _pack(wish.new, at)
    rows = [asked.ChangeOut(clause=one.clause, says=str(one), acts=one.acts) for one in diff(old, new)]
    return asked.DiffOut(old=old.digest, new=new.digest, changes=rows)


def policy_history(wish: Nothing, *, by: User, at: datetime) -> asked.HistoryOut:
    rows = list(Adoption.objects.select_related("pack").order_by("-in_force_from", "-pk")[:500])
    current = Adoption.objects.begun(at).first()
    return asked.HistoryOut(adoptions=[_adoption_out(row, current, at) for row in rows])


def _adoption_out(row: Adoption, current: Adoption | None, at: datetime) -> asked.AdoptionOut:
    state: Literal["in force", "planned", "withdrawn", "past"] = "past"
    if row.withdrawn_at is not None:
        state = "withdrawn"
    elif row.in_force_from > at:
        state = "planned"
    elif current is not None and current.pk == row.pk:
        state = "in force"
    return asked.AdoptionOut(
        id=row.pk,
        digest=row.pack_id,
        title=row.pack.title,
        version=row.pack.version,
        in_force_from=row.in_force_from,
        state=state,
    )


def policy_download(wish: asked.PolicyDownload, *, by: User, at: datetime) -> asked.DownloadOut:
    pack = _pack(wish, at)
    data = base64.b64encode(zipped.packed(pack.files)).decode("ascii")
    return asked.DownloadOut(name=f"{pack.id}-{pack.digest[:12]}.zip", digest=pack.digest, zip=data)


def policy_drafts(wish: Nothing, *, by: User, at: datetime) -> asked.DraftsOut:
    rows = PackDraft.objects.order_by("-changed_at", "-pk")[:200]
    return asked.DraftsOut(drafts=[_draft_out(row) for row in rows])


def draft_begin(wish: asked.DraftBegin, *, by: User, at: datetime) -> asked.DraftOut:
    return _draft_out(drafts.begin(wish.title, digest=wish.digest or "", by=by, at=at))


def draft_bring_in(wish: asked.DraftBringIn, *, by: User, at: datetime) -> asked.DraftOut:
    return _draft_out(drafts.bring_in(wish.title, zipped.unpacked(_bytes(wish.zip)), by=by, at=at))


def draft_get(wish: asked.DraftNamed, *, by: User, at: datetime) -> asked.DraftOut:
    return _draft_out(_draft(wish.draft))


def draft_to_do(wish: asked.DraftNamed, *, by: User, at: datetime) -> asked.ToDoOut:
    draft = _draft(wish.draft)
    left = imports.to_do_of(draft, drafts.pack_of_draft(draft))
    return asked.ToDoOut(to_do=[asked.ByHandOut.model_validate(one) for one in left])


def draft_save(wish: asked.DraftSave, *, by: User, at: datetime) -> asked.DraftOut:
    return _draft_out(drafts.save(_draft(wish.draft), wish.change, version=wish.version, by=by, at=at))


def draft_undo(wish: asked.DraftAt, *, by: User, at: datetime) -> asked.DraftOut:
    return _draft_out(drafts.undo(_draft(wish.draft), version=wish.version, by=by, at=at))


def draft_put_away(wish: asked.DraftAt, *, by: User, at: datetime) -> asked.DraftOut:
    drafts.put_away(_draft(wish.draft), version=wish.version, by=by, at=at)
    return _draft_out(_draft(wish.draft))


def draft_try(wish: asked.DraftTry, *, by: User, at: datetime) -> asked.TrialOut:
    require_reader(by, at)
    return _trial_out(drafts.attempt(_draft(wish.draft), wish.change, version=wish.version, by=by, at=at))


def trial_get(wish: asked.TrialNamed, *, by: User, at: datetime) -> asked.TrialOut:
    require_reader(by, at)
    return _trial_out(numbered(Trial.objects.all(), wish.trial, "trial"))


def trial_keep(wish: asked.TrialNamed, *, by: User, at: datetime) -> asked.DraftOut:
    return _draft_out(drafts.keep(numbered(Trial.objects.all(), wish.trial, "trial"), by=by, at=at))


def draft_adopt(wish: asked.DraftAdopt, *, by: User, at: datetime) -> asked.AdoptedOut:
    kept = drafts.adopt_draft(_draft(wish.draft), version=wish.version, starts=wish.starts, by=by, at=at)
    unsigned = unsigned_wordings(rulebook.pack_of(kept.pk), at)
    return asked.AdoptedOut(digest=kept.pk, version=kept.version, unsigned=unsigned)


def policy_withdraw(wish: asked.PolicyWithdraw, *, by: User, at: datetime) -> asked.HistoryOut:
    rulebook.withdraw(numbered(Adoption.objects.all(), wish.adoption, "adoption"), by=by, at=at)
    return policy_history(Nothing(), by=by, at=at)


def policy_roll_back(wish: asked.PolicyRollBack, *, by: User, at: datetime) -> asked.AdoptedOut:
    kept = rulebook.roll_back(by=by, at=at, to=wish.to)
    unsigned = unsigned_wordings(rulebook.pack_of(kept.pk), at)
    return asked.AdoptedOut(digest=kept.pk, version=kept.version, unsigned=unsigned)


def shadow_start(wish: asked.ShadowStart, *, by: User, at: datetime) -> asked.ShadowOut:
    return _shadow_out(shadow.start(drafts.pack_of_draft(_draft(wish.draft)), by=by, at=at))


def shadow_stop(wish: Nothing, *, by: User, at: datetime) -> asked.ShadowOut:
    return _shadow_out(shadow.stop(by=by, at=at))


def shadow_get(wish: Nothing, *, by: User, at: datetime) -> asked.ShadowOut:
    found = one_of(Shadow.objects.order_by("-active", "-pk"), "No draft has been tried beside the policy yet.")
    return _shadow_out(found)


def _shadow_out(found: Shadow) -> asked.ShadowOut:
    told = shadow.comparison(found)
    return asked.ShadowOut(
        digest=found.pack_id,
        active=found.active,
        decided=told.decided,
        otherwise=told.otherwise,
        failed=told.failed,
        fields=dict(told.fields),
        clauses=dict(told.clauses),
    )


def policy_import(wish: asked.PolicyImportFile, *, by: User, at: datetime) -> asked.ImportOut:
    return _import_out(imports.hand_in(wish.name, _bytes(wish.file), by=by, at=at))


def import_get(wish: asked.ImportNamed, *, by: User, at: datetime) -> asked.ImportOut:
    return _import_out(numbered(PolicyImport.objects.all(), wish.policy_import, "import"))


def import_accept(wish: asked.ImportAccept, *, by: User, at: datetime) -> asked.DraftOut:
    found = numbered(PolicyImport.objects.all(), wish.policy_import, "import")
    return _draft_out(imports.accept(found, wish.changes, title=wish.title, by=by, at=at))
