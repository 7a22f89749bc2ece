"""What programs may ask of the policy: its versions, its drafts, what a change would do, and putting one in force."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls.asked import Asked, Digest, Id, Name, Short
from gatepost.policy.editing import Change

Title = Annotated[str, Field(max_length=120)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Base64 = Annotated[str, Field(max_length=1_000_000)]


class PolicyNamed(Asked):
    """A version by its digest, or a draft by its number; neither: the policy in force."""

    digest: Digest | None = None
    draft: Id | None = None


class PolicyDiff(Asked):
    """`old` and `new`, each as in policy.test; what is left out is the policy in force."""

    old: PolicyNamed = PolicyNamed()
    new: PolicyNamed = PolicyNamed()


class DraftBegin(Asked):
    """From the policy in force, or the version with this digest."""

    title: Title
    digest: Digest | None = None


class DraftBringIn(Asked):
    """From a zip of a pack's files, in base64."""

    title: Title = ""
    zip: Base64


class DraftNamed(Asked):
    draft: Id


class DraftAt(Asked):
    """`version`: the one you have seen. If somebody changed the draft since, nothing is done."""

    draft: Id
    version: Version


class DraftSave(DraftAt):
    change: Change


class DraftTry(DraftAt):
    """Without a change the draft is tried as it stands."""

    change: Change | None = None


class TrialNamed(Asked):
    trial: Id


class DraftAdopt(DraftAt):
    """At once, or from a time to come."""

    starts: AwareDatetime | None = None


class PolicyRollBack(Asked):
    """To the version before, or the one whose digest begins so."""

    to: Annotated[str, Field(max_length=64, pattern=r"^[0-9a-f]*$")] = ""


class PolicyWithdraw(Asked):
    adoption: Id


class ShadowStart(Asked):
    draft: Id


class PolicyImportFile(Asked):
    """A written policy in base64, up to about 700 kB here; larger files by the screen or `gatepost policy import`."""

    name: Short
    file: Base64


class ImportNamed(Asked):
    policy_import: Id


class ImportAccept(Asked):
    """`changes`: what is to be otherwise than the import guessed."""

    policy_import: Id
    title: Title = ""
    changes: Annotated[list[Change], Field(max_length=2_000)] = []


class PolicyDownload(PolicyNamed):
    """The pack as a zip, in base64."""


# --- answers -----------------------------------------------------------------------------------------------------


class ExampleOut(BaseModel):
    id: str
    ok: bool
    failures: list[str]
    clauses: list[str]


class TestOut(BaseModel):
    digest: str
    hold: int
    fail: int
    examples: list[ExampleOut]


class DoubtOut(BaseModel):
    """`suggests`: what the change take_up puts in, where lint has words for it."""

    code: str
    grade: str
    file: str
    line: int
    clause: str
    message: str
    mend: str
    suggests: str


class LintOut(BaseModel):
    digest: str
    findings: list[DoubtOut]


class ChangeOut(BaseModel):
    clause: str
    says: str
    acts: bool


class DiffOut(BaseModel):
    old: str
    new: str
    changes: list[ChangeOut]


class DraftOut(BaseModel):
    """`adopted`: the digest of the pack it became; `open`: it can still be changed."""

    id: int
    title: str
    version: int
    digest: str
    based_on: str
    changed_at: datetime
    open: bool
    adopted: str


class DraftsOut(BaseModel):
    drafts: list[DraftOut]


class TrialOut(BaseModel):
    """`state`: waiting, running, done or failed. `examples` are names in the record, with what differs."""

    id: int
    draft: int
    base: int
    digest: str
    against: str
    state: Literal["waiting", "running", "done", "failed"]
    done: int
    total: int
    says: str
    result: dict[str, object] | None
    failed: str
    kept_as: int | None


class AdoptionOut(BaseModel):
    id: int
    digest: str
    title: str
    version: str
    in_force_from: datetime
    state: Literal["in force", "planned", "withdrawn", "past"]


class HistoryOut(BaseModel):
    adoptions: list[AdoptionOut]


class AdoptedOut(BaseModel):
    """`unsigned`: wordings that need their standing sign-off before they can be sent without asking."""

    digest: str
    version: str
    unsigned: list[Name]


class ShadowOut(BaseModel):
    digest: str
    active: bool
    decided: int
    otherwise: int
    failed: int
    fields: dict[str, int]
    clauses: dict[str, int]


class ByHandOut(BaseModel, from_attributes=True):
    """`part`, `key`, `field`: the form that mends it."""

    sort: str
    says: str
    part: str
    key: str
    field: str
    clause: str


class ToDoOut(BaseModel):
    to_do: list[ByHandOut]


class ImportOut(BaseModel):
    """`state`: waiting, running, done or failed. `to_do`: what a person still has to do to the draft."""

    id: int
    name: str
    state: Literal["waiting", "running", "done", "failed"]
    failed: str
    draft: int | None
    found: dict[str, object] | None
    to_do: list[ByHandOut]


class DownloadOut(BaseModel):
    name: str
    digest: str
    zip: str
