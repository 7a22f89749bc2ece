"""Messages of one byte to one megabyte, of any Unicode: kept whole, masked, found by any of their words."""

from __future__ import annotations

import pytest
from django.db import connection

from gatepost.inbox.intake import TEXT_LIMIT, clean, take_in
from gatepost.inbox.listing import Filter
from gatepost.inbox.masking import folded, masked, pieces, spans_of
from gatepost.inbox.models import Message, Passage
from gatepost.inbox.personal.finding import find
from gatepost.inbox.picture import picture_of
from gatepost.policy.model import Span

from .scene import AT, Desk, found, said

PHONE = "07700 900123"
END = f" at last my zebra crossing, ring me on {PHONE}"
MEGABYTE = 1024 * 1024


def filled(piece: str, end: str = END) -> str:
    """One megabyte of UTF-8, or a little less, of a piece again and again, with some words at its end."""
    room = MEGABYTE - len(end.encode("utf-8", "replace"))
    return piece * (room // len(piece.encode("utf-8", "replace"))) + end


TEXTS = {
    "ascii": filled("The lift in Damson Court is broken again. "),
    "emoji": filled("👩‍👩‍👧‍👦 "),
    "combining marks": filled("e\u0301\u0302\u0303 "),
    "right to left": filled("\u202eשלום עולם\u202c مرحبا "),
    "one word": filled("a"),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_megabyte_is_kept_whole_masked_and_found(desk: Desk, text: str) -> None:
    assert take_in(desk.channel, [said("a", text), said("b", "x")], cursor="1", at=AT) == 2
    kept = Message.objects.select_related("decision").get(ref="a")
    assert kept.text == text
    assert Message.objects.get(ref="b").text == "x"
    assert kept.decision.advice[-1].startswith(f"All {len(text):,} characters") or len(text) <= 100_000
    assert PHONE not in masked(kept.text, spans_of(kept.decision.spans))
    assert found(Filter(q="zebra crossing")) == [kept.pk] or text is TEXTS["one word"]


def test_a_person_is_found_by_what_stands_far_down(desk: Desk) -> None:
    take_in(desk.channel, [said("a", filled("lift ")[-150_000:])], cursor="1", at=AT)
    people = find({"number": PHONE})
    assert [one.contact for one in people.accounts] == [Message.objects.get().contact]
    assert all(PHONE not in one.text for one in people.mentions)


@pytest.mark.parametrize(("strange", "becomes"), [("\x00", "\ufffd"), ("\ud83d", "?")], ids=["nul", "surrogate"])
def test_a_megabyte_of_what_cannot_be_kept_is_replaced(desk: Desk, strange: str, becomes: str) -> None:
    assert clean(strange * (MEGABYTE - 100) + END) == becomes * (MEGABYTE - 100) + END
    assert take_in(desk.channel, [said("a", strange * 150_000 + END)], cursor="1", at=AT) == 1
    assert Message.objects.get().text == becomes * 150_000 + END


def test_what_is_longer_than_a_megabyte_says_so() -> None:
    kept = clean("damp " * (TEXT_LIMIT // 5 + 1))
    assert len(kept) == TEXT_LIMIT
    assert kept.endswith("[The message is longer than the desk keeps. The rest is on the network.]")


def test_the_index_follows_the_words_whatever_changes_them(desk: Desk) -> None:
    take_in(desk.channel, [said("a", "damp " * 5_000 + "zebra"), said("b", "damp")], cursor="1", at=AT)
    assert len(found(Filter(q="damp zebra"))) == 1
    take_in(desk.channel, [said("a", "damp " * 5_000 + "giraffe " * 5_000)], cursor="2", at=AT)
    assert found(Filter(q="zebra")) == []
    assert len(found(Filter(q="giraffe"))) == 1
    assert Passage.objects.count() == 3
    Message.objects.filter(ref="a").update(text="damp")
    assert not Passage.objects.exists()
    Message.objects.filter(ref="b").update(text="damp " * 5_000 + "lion")
    assert len(found(Filter(q="lion"))) == 1


def test_a_phrase_is_found_where_two_passages_meet(desk: Desk) -> None:
    text = "x " * 9_992 + "zebra crossing " + "x " * 5_000
    take_in(desk.channel, [said("a", text)], cursor="1", at=AT)
    assert len(found(Filter(q='"zebra crossing"'))) == 1


def test_the_index_of_passages_can_be_used(desk: Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT message_id FROM inbox_passage WHERE words @@ websearch_to_tsquery('english', 'lift')"
        )
        assert "passage_words" in " ".join(row[0] for row in cursor.fetchall())


def test_a_long_text_is_folded_between_two_words_with_its_details_masked() -> None:
    text = "word " * 900 + f"{PHONE} " * 200
    spans = [Span(n, n + len(PHONE), "personal_details", "phone") for n in range(4_500, len(text), len(PHONE) + 1)]
    shown, inside = folded(text, spans, 5_000)
    assert 4_000 <= len(shown) <= 5_000
    assert text.startswith(shown)
    assert "900123" not in "".join(piece.text for piece in pieces(shown, inside, mask=True))
    assert folded(text[:5_900], spans, 5_000)[0] == text[:5_900]
    assert len(folded("x" * 9_000, [], 5_000)[0]) == 5_000


def test_spans_that_overlap_are_settled_one_over_another() -> None:
    spans = [
        Span(0, 10, "complaint", ""),
        Span(2, 4, "thanks", ""),
        Span(12, 14, "thanks", ""),
        Span(9, 13, "spam", ""),
    ]
    assert [(one.text, one.label) for one in pieces("0123456789abcdef", spans, mask=True) if one.label] == [
        ("0123456789", "complaint"),
        ("cd", "thanks"),
    ]


def test_the_picture_of_a_long_message_shows_its_beginning() -> None:
    facts = {"network": "Facebook", "channel": "Us", "author": "A", "handle": "", "posted_at": AT, "ref": "1", "at": AT}
    drawn = picture_of(**facts, text="word " * 200_000)  # type: ignore[arg-type]  # one shape for both
    assert "The rest, more than 950,000 characters, is in the evidence itself." in drawn
    assert len(drawn) < 40_000
    assert "more lines are in the evidence" in picture_of(**facts, text="word\n" * 500)  # type: ignore[arg-type]
