"""What a form begins from, and what is typed into it: copies kept while writing, versions, templates, clashes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from gatepost.gate.facts import links_in
from gatepost.people.models import User
from gatepost.policy.pack import Pack
from gatepost.publishing.copies import copies_of, copy_of, drop_copy, keep_copy
from gatepost.publishing.link_checks import want
from gatepost.publishing.merging import merge
from gatepost.publishing.models import Media, Post, Template, WorkingCopy
from gatepost.publishing.templates import begin_from
from gatepost.publishing.versions import as_json, content_at, from_json, snapshot
from gatepost.web.frame.problems import Unclear
from gatepost.web.frame.who import me
from gatepost.web.write.form import Form, numbers, of_draft, of_request
from gatepost.web.write.told import Told, told
from gatepost.web.write.who import channels_for

NOT_KEPT = ("csrfmiddlewaretoken", "do")


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


def typed(request: HttpRequest, person: User, post: Post | None) -> Form | None:
    """What this person typed and did not keep, when the address asks for it (?copy=)."""
    key = _uuid(request.GET.get("copy", ""))
    copy = copy_of(key, person) if key else None
    if copy is None or copy.post_id != (post.pk if post else None):
        return None
    return replace(of_request(QueryDict(copy.form)), copy=str(copy.pk))


def chosen(request: HttpRequest, post: Post | None) -> Form | None:
    """An earlier version (?version=) as the next change of a post, or a template (?template=) as a new one."""
    picked = Media.objects.filter(pk=request.GET.get("media", "")[:64]).first() if post is None else None
    if picked is not None:
        open_, _ = channels_for(me(request), timezone.now())
        return Form(channels=frozenset(channel.pk for channel in open_)).with_pictures([picked])
    number = min(numbers([request.GET.get("version" if post else "template", "")]), default=0)
    if not number:
        return None
    if post is not None:
        content = content_at(post, number)
        return of_draft(from_json(content), version=post.version) if content else None
    kept = Template.objects.filter(pk=number, ended_at=None).first()
    return of_draft(begin_from(kept)) if kept else None


def keep(request: HttpRequest, form: Form, person: User, number: int, at: datetime) -> datetime | None:
    """Keeps what stands in the form for its writer; the moment, or None when there is nothing to keep."""
    key = _uuid(form.copy)
    if key is None:
        return None
    post = Post.objects.filter(pk=number).first() if number else None
    if _nothing_new(form, post, at):
        drop_copy(key, by=person, at=at)
        return None
    data = request.POST.copy()
    for name in NOT_KEPT:
        data.pop(name, None)
    kept = keep_copy(key, data.urlencode(), by=person, at=at, post=post)
    return kept.at if kept else None


def links_looked_at(form: Form, person: User, at: datetime) -> int:
    """Has the form's links followed, and says for how many somebody waits. An address is followed only when it stood
    there at the look before as well: half of one, while it is typed, is somebody else's address."""
    links = links_in(_text(form), form.link.strip())
    key = _uuid(form.copy)
    copy = copy_of(key, person) if links and key else None
    before = of_request(QueryDict(copy.form)) if copy else Form()
    steady = [link for link in links if link in links_in(_text(before), before.link.strip())]
    return want(steady, at=at) + (len(links) - len(steady) if key else 0)


def _text(form: Form) -> str:
    return "\n".join([form.text, *(part.text for part in form.parts)])


def _nothing_new(form: Form, post: Post | None, at: datetime) -> bool:
    if post is None:
        return not any(words.strip() for words in (_text(form), form.title, form.link, *form.texts.values()))
    try:
        return as_json(form.draft(at)) == snapshot(post)
    except Unclear:
        return False


def forget(words: str, person: User, at: datetime) -> None:
    key = _uuid(words)
    if key is not None:
        drop_copy(key, by=person, at=at)


def others(person: User, post: Post | None, form: Form) -> list[WorkingCopy]:
    """What this person typed here before and never kept, but for the form that is open."""
    return [copy for copy in copies_of(person, post) if str(copy.pk) != form.copy][:5]


@dataclass(frozen=True, slots=True)
class Clashed:
    """Two people's changes: `form` holds both as far as they go together, and mine where they do not."""

    form: Form
    who: str
    taken: list[Told]
    clashes: list[Told]


def clashed(post: Post, form: Form, pack: Pack, at: datetime) -> Clashed:
    """Puts what this person wrote together with what somebody else has kept since."""
    post.refresh_from_db()
    theirs = snapshot(post)
    base = content_at(post, form.version) or theirs
    try:
        mine = as_json(form.draft(at))
    except Unclear:
        mine = as_json(replace(form, timed=False).draft(at))
    merged = merge(base, mine, theirs)
    both = replace(of_draft(from_json(merged.content), version=post.version), copy=form.copy)
    return Clashed(both, post.changed_by.name, told(merged.taken, pack), told(merged.clashes, pack))
