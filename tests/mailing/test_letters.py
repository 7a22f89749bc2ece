"""Every letter of the desk's says that a program wrote it, and one that comes back is known as its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import gatepost
from gatepost.inbox.referral_replies import sort_out
from gatepost.mailing import SEAL, is_ours, letter
from gatepost.networks import letters
from gatepost.networks.mailbox_reading import incoming

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_a_letter_says_that_a_program_wrote_it_and_asks_for_no_answer() -> None:
    made = letter("One\r\nBcc: two@example.org", "Words", ["one@example.org"], reply_to="back@example.org")
    raw = made.message()
    assert raw["Auto-Submitted"] == "auto-generated"
    assert raw["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert raw["Precedence"] is None
    assert raw["Reply-To"] == "back@example.org"
    assert raw["Subject"] == "One Bcc: two@example.org"
    assert raw["Bcc"] is None


def test_one_that_comes_back_is_the_desks_own_and_a_made_up_seal_is_not() -> None:
    made = letter("Somebody may be in danger", "A message waits for you.", ["press@example.org"])
    own = incoming(letters.letter(made.message().as_bytes(), AT), "press@example.org")
    assert own.ours is False  # another address than the mailbox's wrote it
    assert sort_out([own], at=AT) == []
    raw = made.message()
    number = raw[SEAL].partition("-")[0]
    for seal in (f"{number}-{'0' * 32}", number, "", "-", "ünfug-ü"):
        assert not is_ours(seal)
    del raw[SEAL]
    raw[SEAL] = f"{number}-{'0' * 32}"
    other = incoming(letters.letter(raw.as_bytes(), AT), "press@example.org")
    assert sort_out([other], at=AT) == [other]


def test_no_letter_is_written_elsewhere() -> None:
    root = Path(gatepost.__file__).parent
    writes = [
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if any(word in path.read_text() for word in ("EmailMessage(", "EmailMultiAlternatives(", "send_mail("))
    ]
    assert writes == ["mailing/__init__.py"]
