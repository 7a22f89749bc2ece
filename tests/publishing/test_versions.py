"""Versions, merging, copies, comments, templates, likeness to earlier posts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.publishing import comments, copies, templates
from gatepost.publishing.actions import Clash, Draft, save_draft
from gatepost.publishing.earlier import alike, scores
from gatepost.publishing.merging import FIELDS, changes, merge
from gatepost.publishing.models import Comment, Mention, PostVersion, Template, WorkingCopy
from gatepost.publishing.versions import as_json, content_at, from_json, snapshot
from tests import factories

from .test_posts import TEXT, Desk, desk

__all__ = ["desk"]  # the fixture

VALUES = st.dictionaries(st.sampled_from(sorted(FIELDS)), st.sampled_from(["a", "b", "c"]))


@given(VALUES, VALUES, VALUES)
def test_merging_loses_nothing_and_invents_nothing(base: Any, mine: Any, theirs: Any) -> None:
    merged = merge(base, mine, theirs)
    for field in FIELDS:
        assert merged.content[field] in (mine.get(field), theirs.get(field))
        if mine.get(field) != base.get(field):
            assert merged.content[field] == mine.get(field)
        clash = field in {one.field for one in merged.clashes}
        both = mine.get(field) not in (base.get(field), theirs.get(field)) and theirs.get(field) != base.get(field)
        assert clash == both
    assert merge(base, base, theirs).content == {field: theirs.get(field) for field in FIELDS}


def test_what_changed_in_the_order_of_reading() -> None:
    assert [one.name for one in changes({"aim": "a", "text": "x"}, {"aim": "b", "text": "y"})] == [
        "The text",
        "The aim",
    ]
    assert changes({"aim": "a"}, {"aim": "a"}) == ()


@pytest.mark.django_db
class TestVersions:
    def test_every_save_is_kept_whole(self, desk: Desk) -> None:
        post = desk.save(desk.draft(not_before=desk.at + timedelta(days=1), texts={desk.x.pk: "Short."}))
        desk.save(desk.draft("Other words."), post=post, version=1, by=desk.officer)
        rows = list(PostVersion.objects.filter(post=post).order_by("version"))
        assert [(row.version, row.by) for row in rows] == [(1, desk.staff), (2, desk.officer)]
        assert rows[0].content["texts"] == {str(desk.x.pk): "Short."}
        assert from_json(rows[0].content).not_before == desk.at + timedelta(days=1)
        post.refresh_from_db()
        assert rows[1].content == snapshot(post) == as_json(from_json(snapshot(post)))
        assert content_at(post, 1) == rows[0].content
        assert content_at(post, 9) is None
        PostVersion.objects.all().delete()  # a post of an older desk
        assert content_at(post, 2) == snapshot(post)

    def test_a_clash_keeps_nothing(self, desk: Desk) -> None:
        post = desk.save()
        desk.save(desk.draft("Theirs."), post=post, version=1, by=desk.officer)
        with pytest.raises(Clash):
            desk.save(desk.draft("Mine."), post=post, version=1)
        assert PostVersion.objects.filter(post=post).count() == 2


@pytest.mark.django_db
class TestCopies:
    def test_only_its_writer_sees_it_and_it_changes_nothing(self, desk: Desk) -> None:
        post, key = desk.save(), uuid4()
        copies.keep_copy(key, "text=a", by=desk.staff, at=desk.at, post=post)
        copies.keep_copy(key, "text=ab", by=desk.staff, at=desk.at, post=post)
        (kept,) = copies.copies_of(desk.staff, post)
        assert (kept.form, kept.pk) == ("text=ab", key)
        assert copies.copies_of(desk.staff) == copies.copies_of(desk.officer, post) == []
        assert copies.copy_of(key, desk.officer) is None
        assert copies.keep_copy(key, "text=z", by=desk.officer, at=desk.at) is None  # a key that is somebody else's
        copies.drop_copy(key, by=desk.officer, at=desk.at)
        assert WorkingCopy.objects.get().form == "text=ab"
        post.refresh_from_db()
        assert (post.version, post.text) == (1, TEXT)
        copies.drop_copy(key, by=desk.staff, at=desk.at)
        assert not WorkingCopy.objects.exists()

    def test_there_is_an_end_to_it(self, desk: Desk) -> None:
        assert copies.keep_copy(uuid4(), "x" * (copies.LONGEST + 1), by=desk.staff, at=desk.at) is None
        for place in range(copies.MOST + 2):
            copies.keep_copy(uuid4(), f"text={place}", by=desk.staff, at=desk.at + timedelta(minutes=place))
        assert WorkingCopy.objects.filter(form="text=0").count() == 0
        assert WorkingCopy.objects.count() == copies.MOST
        copies.keep_copy(uuid4(), "text=new", by=desk.staff, at=desk.at + timedelta(days=90))
        assert WorkingCopy.objects.count() == 1


@pytest.mark.django_db
class TestComments:
    def test_naming_somebody_tells_them_until_they_have_seen_it(self, desk: Desk) -> None:
        post = desk.save()
        comments.comment(post, "@Nell, is the hall right? @nellokafor @nobody me@nell.org", by=desk.staff, at=desk.at)
        (mention,) = comments.unseen(desk.officer)
        assert mention.comment.version == 1
        assert comments.unseen(desk.staff) == []
        assert comments.see_mentions(post, by=desk.officer, at=desk.at) == 1
        assert comments.unseen(desk.officer) == []

    def test_whoever_names_themselves_is_not_told(self, desk: Desk) -> None:
        comments.comment(desk.save(), "@SamWhitlock did it", by=desk.staff, at=desk.at)
        assert not Mention.objects.exists()

    def test_a_name_that_two_have_is_asked_about(self, desk: Desk) -> None:
        factories.person("Sam Underwood")
        with pytest.raises(
            comments.CommentError, match=r"more than one @Sam here. Write @SamUnderwood or @SamWhitlock"
        ):
            comments.comment(desk.save(), "@Sam?", by=desk.officer, at=desk.at)
        assert not Comment.objects.exists()
        comments.comment(desk.save(), "@SamUnderwood?", by=desk.officer, at=desk.at)
        assert Mention.objects.get().person.name == "Sam Underwood"

    @pytest.mark.parametrize("text", ["  ", "x" * 4001, "a\x00b"])
    def test_what_is_no_comment(self, desk: Desk, text: str) -> None:
        with pytest.raises(comments.CommentError):
            comments.comment(desk.save(), text, by=desk.staff, at=desk.at)

    def test_dealt_with_once(self, desk: Desk) -> None:
        kept = comments.comment(desk.save(), "Check the date", by=desk.officer, at=desk.at)
        comments.settle_comment(kept, by=desk.staff, at=desk.at)
        comments.settle_comment(kept, by=desk.officer, at=desk.at)
        kept.refresh_from_db()
        assert kept.settled_by == desk.staff


@pytest.mark.django_db
class TestTemplates:
    def test_kept_without_its_time_and_begun_from(self, desk: Desk) -> None:
        draft = desk.draft(not_before=desk.at + timedelta(days=1), answers={"allegation": "checked"})
        templates.keep_template(draft, "  Open   day ", by=desk.staff, at=desk.at)
        kept = templates.keep_template(desk.draft("New words."), "Open day", by=desk.staff, at=desk.at)
        assert templates.templates() == [kept]  # one of a name
        begun = templates.begin_from(kept)
        assert (begun.text, begun.not_before, begun.answers) == ("New words.", None, {})
        assert save_draft(begun, by=desk.staff, at=desk.at).text == "New words."
        templates.end_template(kept, by=desk.staff, at=desk.at)
        assert templates.templates() == []
        assert Template.objects.count() == 2

    def test_it_needs_a_name(self, desk: Desk) -> None:
        with pytest.raises(templates.TemplateError):
            templates.keep_template(Draft("x", "event", []), " ", by=desk.staff, at=desk.at)


class TestAlike:
    def test_the_same_words_in_another_order(self) -> None:
        others = [
            "Something else entirely, about bins and the days on which they are emptied.",
            TEXT.upper(),
            "",
            "short",
        ]
        assert [place for place, _ in scores(" ".join(reversed(TEXT.split())), others)] == [1]

    @pytest.mark.django_db
    def test_earlier_posts_of_the_desk(self, desk: Desk) -> None:
        post = desk.save()
        (found,) = alike(TEXT.replace("Saturday", "Sunday"), at=desk.at)
        assert found.post == post
        assert found.score >= 88
        assert alike(TEXT, at=desk.at, but=post.pk) == []
        assert alike("Good morning", at=desk.at) == []
        assert alike(TEXT, at=desk.at + timedelta(days=500)) == []
