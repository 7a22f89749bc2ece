"""Actions of the API for what is kept beside a post: versions, comments, templates."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from gatepost.calls import asked, told
from gatepost.calls.composing import draft
from gatepost.calls.found import numbered, one_of
from gatepost.people.models import User
from gatepost.publishing import actions as publishing
from gatepost.publishing import comments, templates
from gatepost.publishing.models import Comment, Post, PostVersion, Template


class CommentAdd(asked.Asked):
    """@Name tells the colleague of that name."""

    post: asked.Id
    text: Annotated[str, Field(max_length=comments.LONGEST)]


class CommentGet(asked.Asked):
    comment: asked.Id


class TemplateKeep(asked.Asked):
    """Keeps a draft to begin from; one of the same name is replaced."""

    name: Annotated[str, Field(max_length=120)]
    draft: asked.PostSave


class TemplateGet(asked.Asked):
    template: asked.Id


class VersionOut(BaseModel):
    version: int
    by: int
    at: datetime
    content: dict[str, object]


class VersionsOut(BaseModel):
    versions: list[VersionOut]


class CommentOut(BaseModel):
    id: int
    author: int
    text: str
    version: int
    at: datetime
    named: list[int]
    settled_at: datetime | None


class CommentsOut(BaseModel):
    comments: list[CommentOut]


class TemplateOut(BaseModel):
    id: int
    name: str
    content: dict[str, object]


class TemplatesOut(BaseModel):
    templates: list[TemplateOut]


def found_post(pk: int) -> Post:
    return numbered(Post.objects.select_related("author", "changed_by"), pk, "post")


def _comment_out(kept: Comment) -> CommentOut:
    return CommentOut(
        id=kept.pk,
        author=kept.author_id,
        text=kept.text,
        version=kept.version,
        at=kept.at,
        named=[mention.person_id for mention in kept.mentions.all()],
        settled_at=kept.settled_at,
    )


def _template_out(kept: Template) -> TemplateOut:
    return TemplateOut(id=kept.pk, name=kept.name, content=kept.content)


def _template(pk: int) -> Template:
    return one_of(
        Template.objects.filter(pk=pk, ended_at=None),
        f"There is no template {pk} on this desk. Ask templates.list for those there are.",
    )


def post_versions(wish: asked.PostGet, *, by: User, at: datetime) -> VersionsOut:
    rows = PostVersion.objects.filter(post=found_post(wish.post))[:100]
    return VersionsOut(
        versions=[VersionOut(version=row.version, by=row.by_id, at=row.at, content=row.content) for row in rows]
    )


def post_comments(wish: asked.PostGet, *, by: User, at: datetime) -> CommentsOut:
    rows = found_post(wish.post).comments.prefetch_related("mentions")[:500]
    return CommentsOut(comments=[_comment_out(kept) for kept in rows])


def comment_add(wish: CommentAdd, *, by: User, at: datetime) -> CommentOut:
    return _comment_out(comments.comment(found_post(wish.post), wish.text, by=by, at=at))


def comment_settle(wish: CommentGet, *, by: User, at: datetime) -> CommentOut:
    kept = numbered(Comment.objects.all(), wish.comment, "comment")
    comments.settle_comment(kept, by=by, at=at)
    kept.refresh_from_db()
    return _comment_out(kept)


def templates_list(wish: asked.Nothing, *, by: User, at: datetime) -> TemplatesOut:
    return TemplatesOut(templates=[_template_out(kept) for kept in templates.templates()])


def template_keep(wish: TemplateKeep, *, by: User, at: datetime) -> TemplateOut:
    return _template_out(templates.keep_template(draft(wish.draft), wish.name, by=by, at=at))


def template_begin(wish: TemplateGet, *, by: User, at: datetime) -> asked.PostOut:
    saved = publishing.save_draft(templates.begin_from(_template(wish.template)), by=by, at=at)
    return told.post_out(saved, at=at)


def template_end(wish: TemplateGet, *, by: User, at: datetime) -> TemplateOut:
    kept = _template(wish.template)
    templates.end_template(kept, by=by, at=at)
    return _template_out(kept)


def post_withdraw(wish: asked.PostGet, *, by: User, at: datetime) -> asked.PostOut:
    publishing.withdraw(found_post(wish.post), by=by, at=at)
    return told.post_out(found_post(wish.post), at=at)


def post_bring_back(wish: asked.PostGet, *, by: User, at: datetime) -> asked.PostOut:
    publishing.bring_back(found_post(wish.post), by=by, at=at)
    return told.post_out(found_post(wish.post), at=at)
