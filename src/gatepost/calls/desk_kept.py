"""What the desk keeps for its work, by name: saved filters, labels, who is on duty, how the readers did."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls import asked
from gatepost.calls.desk import Row, Search
from gatepost.calls.found import one_of
from gatepost.channels.actions import require_reader
from gatepost.inbox import assigning, labels, saved_views
from gatepost.inbox.models import Duty, Label, SavedView
from gatepost.inbox.scores import reader_scores
from gatepost.people.models import User

Id = asked.Id


class ViewSave(asked.Asked):
    """A filter under a name; one of your own of that name is replaced. `shared`: everybody sees it."""

    title: Annotated[str, Field(max_length=60)]
    filter: Search
    shared: bool = False


class ViewGet(asked.Asked):
    view: Id


class LabelMake(asked.Asked):
    name: Annotated[str, Field(max_length=40)]


class LabelGet(asked.Asked):
    label: Id


class DutyBegin(asked.Asked):
    """`labels` and `topics` of the policy, either of which is enough, and `channels`: what this person takes; empty:
    whatever comes."""

    person: Id
    starts: AwareDatetime
    until: AwareDatetime
    labels: Annotated[list[asked.Name], Field(max_length=50)] = []
    topics: Annotated[list[asked.Name], Field(max_length=100)] = []
    channels: Annotated[list[Id], Field(max_length=200)] = []


class DutyGet(asked.Asked):
    duty: Id


class ViewOut(BaseModel):
    id: int
    title: str
    fields: dict[str, Any]
    shared: bool
    owner: int


class ViewsOut(BaseModel):
    views: list[ViewOut]


class LabelOut(BaseModel):
    id: int
    name: str
    ended_at: datetime | None


class LabelsOut(BaseModel):
    labels: list[LabelOut]


class DutyOut(BaseModel):
    id: int
    person: int
    starts: datetime
    until: datetime
    labels: list[str]
    topics: list[str]
    channels: list[int]
    given_at: datetime | None
    ended_at: datetime | None


class DutiesOut(BaseModel):
    duties: list[DutyOut]


class ScoreOut(BaseModel):
    """`wrong`: read as this and is not. `missed`: is this and was not read so."""

    label: str
    wrong: int
    missed: int


class ScoresOut(BaseModel):
    scores: list[ScoreOut]


def _view(view: SavedView) -> ViewOut:
    return ViewOut(id=view.pk, title=view.title, fields=view.fields, shared=view.shared, owner=view.owner_id)


def views_list(wish: asked.Nothing, *, by: User, at: datetime) -> ViewsOut:
    require_reader(by, at)
    return ViewsOut(views=[_view(view) for view in saved_views.views_for(by)])


def view_save(wish: ViewSave, *, by: User, at: datetime) -> ViewOut:
    return _view(saved_views.save_view(wish.title, wish.filter.filter(by.pk), shared=wish.shared, by=by, at=at))


def view_end(wish: ViewGet, *, by: User, at: datetime) -> ViewsOut:
    view = one_of(SavedView.objects.filter(pk=wish.view), f"There is no saved filter {wish.view} on this desk.")
    saved_views.end_view(view, by=by, at=at)
    return views_list(asked.Nothing(), by=by, at=at)


def _label(label: Label) -> LabelOut:
    return LabelOut(id=label.pk, name=label.name, ended_at=label.ended_at)


def labels_list(wish: asked.Nothing, *, by: User, at: datetime) -> LabelsOut:
    require_reader(by, at)
    return LabelsOut(labels=[_label(label) for label in Label.objects.filter(ended_at=None).order_by("name")])


def label_make(wish: LabelMake, *, by: User, at: datetime) -> LabelOut:
    return _label(labels.make_label(wish.name, by=by, at=at))


def label_end(wish: LabelGet, *, by: User, at: datetime) -> LabelOut:
    label = one_of(Label.objects.filter(pk=wish.label), f"There is no label {wish.label} on this desk.")
    labels.end_label(label, by=by, at=at)
    return _label(Label.objects.get(pk=label.pk))


def _duty(duty: Duty) -> DutyOut:
    return DutyOut(
        id=duty.pk,
        person=duty.person_id,
        starts=duty.starts,
        until=duty.until,
        labels=duty.labels,
        topics=duty.topics,
        channels=duty.channels,
        given_at=duty.given_at,
        ended_at=duty.ended_at,
    )


def duties_list(wish: asked.Nothing, *, by: User, at: datetime) -> DutiesOut:
    require_reader(by, at)
    rows = Duty.objects.filter(ended_at=None, until__gt=at).order_by("starts", "pk")
    return DutiesOut(duties=[_duty(row) for row in rows])


def duty_begin(wish: DutyBegin, *, by: User, at: datetime) -> DutyOut:
    person = one_of(
        User.objects.filter(pk=wish.person, is_active=True),
        f"There is nobody with the number {wish.person} on this desk.",
    )
    made = assigning.go_on_duty(
        person,
        starts=wish.starts,
        until=wish.until,
        labels=wish.labels,
        topics=wish.topics,
        channels=wish.channels,
        by=by,
        at=at,
    )
    return _duty(made)


def duty_end(wish: DutyGet, *, by: User, at: datetime) -> DutyOut:
    duty = one_of(
        Duty.objects.select_related("person").filter(pk=wish.duty), f"There is no duty {wish.duty} on this desk."
    )
    assigning.go_off_duty(duty, by=by, at=at)
    return _duty(Duty.objects.get(pk=duty.pk))


def scores(wish: asked.Nothing, *, by: User, at: datetime) -> ScoresOut:
    require_reader(by, at)
    return ScoresOut(scores=[ScoreOut(label=one.label, wrong=one.wrong, missed=one.missed) for one in reader_scores()])


KEPT: dict[str, Row] = {
    "views.list": (asked.Nothing, views_list, ViewsOut, "Your saved filters and those of all"),
    "view.save": (ViewSave, view_save, ViewOut, "Save a filter, for yourself or for all"),
    "view.end": (ViewGet, view_end, ViewsOut, "Remove a saved filter"),
    "labels.list": (asked.Nothing, labels_list, LabelsOut, "The desk's own labels"),
    "label.make": (LabelMake, label_make, LabelOut, "A label of the desk's own"),
    "label.end": (LabelGet, label_end, LabelOut, "Offer a label no longer"),
    "duties.list": (asked.Nothing, duties_list, DutiesOut, "Who is on duty now and next"),
    "duty.begin": (DutyBegin, duty_begin, DutyOut, "Somebody takes new messages for a time"),
    "duty.end": (DutyGet, duty_end, DutyOut, "End somebody's duty"),
    "readers.scores": (asked.Nothing, scores, ScoresOut, "How often each label was corrected"),
}
