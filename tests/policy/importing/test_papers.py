"""What stands round a policy on paper, on a web site and in a letter, and where its sentences go on."""

from __future__ import annotations

import pytest
from fpdf import FPDF

from gatepost.policy.importing import Document, Paragraph, draft, read
from gatepost.policy.importing.contents import contents_aside
from gatepost.policy.importing.readers.lines import Line, paragraphs_of
from tests.policy.importing.help import drafted, found, nothing_dropped, of_lines


def texts(document: Document, *, aside: bool = False) -> list[str]:
    return [one.text for one in document.paragraphs if one.aside == aside]


def asides(*lines: str) -> list[str]:
    return [one.text for one in contents_aside(of_lines(*lines).paragraphs) if one.aside]


def test_a_table_of_contents_is_no_part_of_the_text() -> None:
    body = ("# 1 Aims", "We answer everybody who writes to us.", "# 2 House rules", "Be kind to each other, please.")
    typed = ("Contents", "1 | Aims 2", "2 | House rules3", "A list of tables 4")
    assert asides("# Policy", *typed, *body) == list(typed)
    untitled = ("Aims", "House rules", "Review")
    whole = ("# Policy", *untitled, *body, "# Review", "We look at it again in May.")
    assert asides(*whole) == list(untitled)
    assert asides("# Policy", "Contents", "Nothing of the kind follows here.", *body) == []
    nothing_dropped(of_lines(*whole), drafted(*whole))


def test_a_list_said_twice_is_no_table_of_contents() -> None:
    networks = ("Facebook", "Instagram", "Bluesky")
    assert asides("# Here", *networks, "# There", *networks, "# End", "That is all.") == []
    assert asides("# Here", "Contents") == []


def test_a_running_head_is_set_aside_and_a_sentence_goes_on_overleaf() -> None:
    made = FPDF()
    for page in (
        [
            "Elm Valley Social",
            "Every post is read by a second person before it is published on any channel, and",
            "One.",
        ],
        [
            "Elm Valley Social",
            "those about children by a third person as well, so that nothing goes wrong here.",
            "Two.",
        ],
    ):
        made.add_page()
        made.set_font("helvetica", size=11)
        for place, text in enumerate([*page[:1], "Above stands our name.", page[1], *page[2:], "It goes on.", "End."]):
            if place not in (0, 1, 2) or page[0] == text or "second" in text or "third" in text:
                made.text(15, 20 + 12 * place, text)
    document = read("policy.pdf", bytes(made.output()))
    assert texts(document, aside=True)[0] == "Elm Valley Social"
    nothing_dropped(document, draft(document))


def paged(*lines: tuple[str, str]) -> list[Paragraph]:
    gone = ""
    held = []
    for page, text in lines:
        held.append(
            Line(text, f"page {page}", gap=page != gone, size=14.0 if text.startswith(("Use", "the")) else 10.0)
        )
        gone = page
    return list(paragraphs_of(held, loose=True))


def test_lines_of_pages() -> None:
    long = "Posts about the council are read by a second person before they are put on any"
    first = [("1", one) for one in ("Elm Valley", "A first thing.", "A second thing.", "A third thing.", long)]
    second = [("2", one) for one in ("Elm Valley", "channel of ours.", "More.", "Still more.", "The end.")]
    made = paged(*first, *second)
    assert f"{long} channel of ours." in [one.text for one in made]
    assert [one.text for one in made if one.aside] == ["Elm Valley", "Elm Valley"]
    apart = paged(*first[:4], ("1", "Page 3"), ("2", "Channels."), ("2", "Page 4"))
    assert [one.text for one in apart][-3:] == ["Page 3", "Channels.", "Page 4"]
    heads = paged(("1", "Use of social media by the council and"), ("1", "the police"), *first[1:])
    assert heads[0].text == "Use of social media by the council and the police"


def test_a_line_that_ends_with_a_small_word_goes_on() -> None:
    letter = (
        "Wilma Tarrant, who is our trustee, reads every post before it goes out, and\n"
        "Hugh Benbow does so when she is away for longer than a week in the summer.\n"
        "We look at Facebook\nTuesdays are best.\n"
    )
    (first, *_) = texts(read("policy.txt", letter.encode()))
    assert "goes out, and Hugh Benbow does so" in first


def test_the_head_and_the_foot_of_a_letter() -> None:
    letter = (
        "\nFrom: W. Tarrant <wilma@example.org>\nTo: trustees@example.org,\n  others@example.org\n"
        "Subject: Re: Our social media policy\n\nDear all,\n\nWe pass complaints to the chair.\n\n"
        "--\nWilma\n01632 960222\n"
    )
    document = read("policy.txt", letter.encode())
    made = draft(document)
    assert made.pack.title == "Our social media policy"
    assert texts(document, aside=True) == [
        "From: W. Tarrant <wilma@example.org>", "To: trustees@example.org,", "others@example.org", "Wilma",
        "01632 960222",
    ]  # fmt: skip
    nothing_dropped(document, made)
    assert texts(read("policy.txt", b"From: our side\n\nWe answer.\n\n--\nThe end.\n"), aside=True) == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_sixteen_bits_without_a_mark(encoding: str) -> None:
    document = read("policy.txt", "Complaints go to the Complaints Team.\n".encode(encoding))
    assert texts(document) == ["Complaints go to the Complaints Team."]


def test_front_matter_is_set_aside() -> None:
    document = read("policy.md", b"---\ntitle: Ours\nversion: 2\n---\n\n# Policy\n\nWe answer.\n")
    assert [(one.text, one.place, one.aside) for one in document.paragraphs] == [
        ("title: Ours", "line 2", True), ("version: 2", "line 3", True), ("Policy", "line 6", False),
        ("We answer.", "line 8", False),
    ]  # fmt: skip


def test_only_the_main_part_of_a_web_page_is_the_policy() -> None:
    page = (
        "<body><div class='cookie-banner'><p>We use cookies.</p></div><div>Bins</div>"
        "<div role=main><h1>Policy</h1><nav>Top</nav><p>{}</p></div><div>Was this page helpful?</div></body>"
    )
    document = read("policy.html", page.format("Complaints are passed to the Complaints Team. " * 3).encode())
    assert texts(document) == ["Policy", ("Complaints are passed to the Complaints Team. " * 3).strip()]
    small = read("policy.html", page.format("Yes.").replace("<div>Bins</div>", f"<p>{'We answer. ' * 30}</p>").encode())
    assert texts(small, aside=True) == ["We use cookies.", "Top"]


def test_a_bold_line_by_itself_is_a_heading_on_a_web_page() -> None:
    page = (
        b"<body><div title='header'><p>Elm Valley</p></div><p><b>Somebody <i>complains</i></b></p>"
        b"<p>Say <b>sorry</b></p>"
        b"<p><strong>Never.</strong></p><ul><li><b>Bins</b></li></ul></body>"
    )
    document = read("policy.html", page)
    assert [(one.text, one.level, one.aside) for one in document.paragraphs] == [
        ("Elm Valley", 0, True), ("Somebody complains", 4, False), ("Say sorry", 0, False), ("Never.", 0, False),
        ("Bins", 0, False),
    ]  # fmt: skip


def test_a_wording_over_several_lines_is_one() -> None:
    said = drafted(
        "# Complaints", "Reply: “We are sorry to read this.", "Please ring us.", "We will help.” Then tell us."
    )
    assert found(said, "wording") == ["We are sorry to read this. Please ring us. We will help."]
    never = drafted(
        "# Complaints", "Reply: “We are sorry to read this.", "# Thanks", "Say: “Thank you for your words.”"
    )
    assert found(never, "wording") == ["Thank you for your words."]
    lost = drafted("# Complaints", "Reply: “We are sorry.", "One.", "Two.", "Three.", "Four.", "Five.")
    assert found(lost, "wording") == []


def test_a_wording_in_straight_single_marks() -> None:
    said = drafted(
        "# Complaints", "Reply: 'We're sorry to read this. Please ring the team's number.' Staff's names stay out."
    )
    assert found(said, "wording") == ["We're sorry to read this. Please ring the team's number."]


def test_a_lettered_list_after_the_words_that_lead_into_it() -> None:
    made = drafted(
        "# A. Comments", "We will remove any comment which:", "i. is abusive, threatening or grossly offensive;",
        "ii. is advertising or spam.", "1.2 Other things stay.",
        words="",
    )  # fmt: skip
    assert {one.then.moderate for one in made.pack.rules} == {"remove"}
    assert [one.item for one in made.clauses] == [True, True, False]
    assert made.clauses[0].id.startswith("comments.")


def test_the_title_is_what_the_paper_is_called() -> None:
    assert drafted("# Elm Valley Council", "# Social media policy", "We answer.").pack.title == "Social media policy"
    assert drafted("# Elm Valley Council", "# Contacts", "We answer.").pack.title == "Elm Valley Council"
