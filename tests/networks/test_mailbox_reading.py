"""Letters as messages: whose they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gatepost.networks.letters import Letter
from gatepost.networks.mailbox_reading import incoming

OWN = "hello@example.org"


@pytest.mark.parametrize(
    ("author", "reply_to", "automatic", "ours", "writer"),
    [
        (OWN, "", True, True, OWN),  # an alarm of the desk's own
        (OWN, "", False, False, OWN),  # somebody at the mailbox hands a letter on
        (OWN, "casey@example.org", True, False, "casey@example.org"),  # a web form
        (OWN, "hello+r1-00@example.org", True, True, OWN),
        ("casey@example.org", "", True, False, "casey@example.org"),
    ],
)
def test_whose_a_letter_is(author: str, reply_to: str, automatic: bool, ours: bool, writer: str) -> None:
    letter = Letter(
        message_id="1@example.org",
        author=author,
        author_name="",
        subject="A question",
        text="When do you open?",
        sent_at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
        reply_to=reply_to,
        automatic=automatic,
    )
    read = incoming(letter, OWN)
    assert (read.ours, read.author_ref) == (ours, writer)
