"""Many texts opened at once are what each is by itself, and no reader is left out that would have spoken."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.policy.model import LABELS
from gatepost.policy.reading import asking, read_many, together, vocabulary
from gatepost.policy.reading.by_cues import by_cues
from gatepost.policy.reading.crowd import Crowd
from gatepost.policy.reading.evidence import topics as told
from gatepost.policy.reading.language import language
from gatepost.policy.reading.page import open_page
from gatepost.policy.reading.vocabulary import Vocabulary
from tests.policy.reading.test_any_text import TEXTS
from tests.policy.reading.test_messages import words
from tests.policy.reading.test_together import FIGURES, KNOWN

_WRITTEN = (
    "Ann|Smith|Mr|de|O'Neill|McKay|Smith-Jones|My name is|this is|Regards,|here|tenant|ring|I'm|flat 9|12 Larch Close"
    "|a.b@c.org|a @ b.org|a (at) b (dot) org|x at y dot com|[|)|@|dob 1.2.90|born 3 jan 90|rent ref 1234|uc no 12-34"
    "|oh double seven|one two|AB1 2CD|12|LK19 abc|car|07700|900123|f u c k|i|m|u|you fixed|your|bhp|never|called|don't"
    "|can you|hello|why|is|?|!!|.|\n|\t|  |`|’|…|\u200b|ß|é|Κ|е|你好|#brokenlift|sh1t|f***|loooong|immigrants|go back"
    "|lift broken|not a complaint|thanks|haha|scum|useless|kill|RT|&#8217;|HERE|\r\n|\xa0|no|i regret|in 3 days|2 weeks"
    "|AB 12 34 56 C|QQ|34|56|C|sort code|12-34-56|12345678|flat|9|apt|Road|23|x12|abc|d|of|b|1/2/90|BHP-|TN|551029"
    "|name:|I’m|email|O’Neill|AB1|2CD|a-|12 Larch|Road.|+44|7700|(020)|7946 0958|-|/|..|born|jan|90|account no|#|14 Oak"
    "|@SE15 4QX|#SE15|4QX|07seven00|nine00|421|x7o|o7|one9|eleven|forty-two|Twelve|Oak|Lane|number|Teal|House,|no.|7."
    "|12A|5,|High|Street|St.|Lena|Strand|tenancy|reference|ab|apartment|flat two|ave|way|place|1st|is 4471|some1|for"
)
PIECES = _WRITTEN.split("|")
MADE = st.lists(st.sampled_from(PIECES), max_size=14).flatmap(
    lambda pieces: st.sampled_from([" ", "", " ", "\n"]).map(lambda between: between.join(pieces))
)
MESSAGES = st.one_of(st.sampled_from(KNOWN), TEXTS, MADE, FIGURES)
CROWDS = st.lists(MESSAGES, min_size=2, max_size=12)


@cache
def known() -> Vocabulary:
    return Vocabulary(words().book, words().tokens)


@settings(max_examples=300, deadline=None)
@given(CROWDS)
def test_a_crowd_is_opened_as_each_text_by_itself(texts: list[str]) -> None:
    crowd = Crowd(texts, words(), known())
    languages, topics = crowd.languages(), crowd.topics()
    urgent = crowd.urgent([-1.0] * len(texts))
    for place, text in enumerate(texts):
        page = open_page(text, words())
        odds, found = by_cues(page, words())
        assert crowd.page(place).forms == page.forms
        assert crowd.hits[place] == page.hits
        assert list(crowd.page(place).starts) == list(page.starts)
        assert list(crowd.page(place).ends) == list(page.ends)
        assert [crowd.span(place, word) for word in range(len(page.forms))] == [
            page.span(word, word + 1) for word in range(len(page.forms))
        ]
        assert crowd.found[place] == found
        assert crowd.odds[place].tolist() == [odds[label] for label in LABELS]
        assert languages[place] == language(page)
        assert topics[place] == told(page.of("topic"))
        assert urgent[place] is bool(page.of("urgent") and not page.of("joke") and not page.of("resolved"))


def test_most_messages_are_no_work_for_most_readers() -> None:
    crowd = Crowd(KNOWN, words(), known())
    readers = asking.readers_for(crowd.opened, crowd.cues, words())
    asked = sum(int(bits).bit_count() for bits in readers)
    assert asked < 3 * len(KNOWN)


def test_a_full_vocabulary_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = read_many(KNOWN, words())
    monkeypatch.setattr(vocabulary, "_MOST", 10)
    monkeypatch.setattr(together, "MOST_PAGES", 9)
    assert read_many(KNOWN, words()) == wanted
    (full,) = words().vocabularies[-1:]
    assert full.full()
    full.forget()
    assert not full.full()
    assert read_many(KNOWN[:20], words()) == wanted[:20]
