"""Odd corners of documents: titles, notes, text boxes, footers, lists, numbers, people."""

from __future__ import annotations

import io
from typing import Any

import docx
import odfdo
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from gatepost.policy.importing import ImportProblem, drafting, read
from gatepost.policy.importing.drafting import draft
from gatepost.policy.importing.numbers import spans, week
from gatepost.policy.importing.paper import MOST_CHARACTERS
from gatepost.policy.importing.readers import plain
from gatepost.policy.importing.readers.lines import Line, paragraphs_of
from tests.policy.importing.help import drafted, found, of_lines

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def seen(name: str, data: bytes) -> list[tuple[str, int, bool, bool]]:
    return [(one.text, one.level, one.item, one.aside) for one in read(name, data).paragraphs]


def saved(made: Any) -> bytes:
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def test_a_word_document_with_everything() -> None:
    made = docx.Document()
    made.add_paragraph("Social media policy", style="Title")
    made.add_paragraph("Rules", style="Heading 1")
    made.add_paragraph("be kind", style="List Bullet")
    made.sections[0].header.paragraphs[0].text = "Draft of May"
    made.sections[0].footer.paragraphs[0].text = "Draft of May"
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "who", "what"
    odd = made.add_paragraph()
    odd._p.append(parse_xml(f"<w:r {W}><w:t>twenty</w:t><w:noBreakHyphen/><w:t>one</w:t><w:br/><w:t>posts</w:t></w:r>"))
    boxed = made.add_paragraph("Beside")
    box = f"<w:r {W}><w:pict><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    boxed._p.append(parse_xml(box))
    gone = f"<w:del {W}><w:r><w:txbxContent><w:p><w:r><w:t>Struck out</w:t></w:r></w:p></w:txbxContent></w:r></w:del>"
    boxed._p.append(parse_xml(gone))
    held = made.element.body
    held.insert(
        3, parse_xml(f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>In a form</w:t></w:r></w:p></w:sdtContent></w:sdt>")
    )
    notes = (
        f"<w:footnotes {W}><w:footnote><w:p><w:r><w:t>See the Act.</w:t></w:r></w:p><w:p/></w:footnote></w:footnotes>"
    )
    part = Part(PackURI("/word/footnotes.xml"), "application/xml", notes.encode(), made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert seen("p.docx", saved(made)) == [
        ("Social media policy", 1, False, False),
        ("Rules", 2, False, False),
        ("be kind", 0, True, False),
        ("In a form", 0, False, False),
        ("who | what", 0, True, False),
        ("twenty-one posts", 0, False, False),
        ("Beside", 0, False, False),
        ("In a box", 0, False, False),
        ("See the Act.", 0, False, False),
        ("Draft of May", 0, False, True),
    ]


def nested(tag: str, inner: str, depth: int) -> str:
    return f"<{tag}>" * depth + inner + f"</{tag}>" * depth


def test_what_is_nested_too_deep_ends() -> None:
    made = docx.Document()
    deep = nested("w:sdtContent", "<w:p><w:r><w:t>deep</w:t></w:r></w:p>", 60)
    made.element.body.insert(0, parse_xml(f"<w:sdt {W}>{deep}</w:sdt>"))
    rows = "<w:tbl><w:tr><w:tc>" * 30 + "<w:p><w:r><w:t>in</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * 30
    made.element.body.insert(1, parse_xml(rows.replace("<w:tbl>", f"<w:tbl {W}>", 1)))
    made.add_paragraph("shallow")
    assert [text for text, *_ in seen("p.docx", saved(made))] == ["shallow"]


def odt(*children: str) -> bytes:
    made = odfdo.Document("text")
    made.body.clear()
    for child in children:
        made.body.append(odfdo.Element.from_tag(child))
    return saved(made)


def test_an_open_document_with_everything() -> None:
    data = odt(
        '<text:p text:style-name="Title">Policy</text:p>',
        '<text:h text:outline-level="2">Rules</text:h>',
        "<text:list><text:list-item><text:p>be kind</text:p></text:list-item></text:list>",
        "<table:table><table:table-row><table:table-cell><text:p>who</text:p></table:table-cell><table:table-cell>"
        "<text:p>what</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>one</text:p>"
        "</table:table-cell></table:table-row><table:table-row><table:table-cell/></table:table-row></table:table>",
        "<text:table-of-content><text:index-body><text:p>Rules 1</text:p></text:index-body></text:table-of-content>",
        "<text:p>Kind<text:note><text:note-body><text:p>See the Act</text:p></text:note-body></text:note> <text:span>"
        "posts</text:span> stay</text:p>",
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>",
        nested("text:section", "<text:p>deep</text:p>", 60),
    )
    assert seen("p.odt", data) == [
        ("Policy", 1, False, False),
        ("Rules", 3, False, False),
        ("be kind", 0, True, False),
        ("who | what", 0, True, False),
        ("one", 0, False, False),
        ("Rules 1", 0, False, True),
        ("Kind posts stay", 0, False, False),
        ("See the Act", 0, False, False),
    ]


def test_markdown_with_everything() -> None:
    table = "| who | what |\n|---|---|\n| a |  |\n|  |  |\n\n"
    text = f"# Rules\n\n{table}<!-- note -->\n\n<p>In HTML</p>\n\n    code\n\n* * *\n"
    assert [(words, level, item) for words, level, item, _ in seen("p.md", text.encode())] == [
        ("Rules", 1, False),
        ("who | what", 0, True),
        ("a", 0, False),
        ("In HTML", 0, False),
        ("code", 0, False),
    ]


def test_text_that_is_far_too_long_is_refused_at_once() -> None:
    with pytest.raises(ImportProblem, match="in parts"):
        plain.short_enough("p.md", "x" * (2 * MOST_CHARACTERS + 1))


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        (["-", "be kind"], ["- be kind"]),
        (["1.", "be kind"], ["1.", "be kind"]),
        (["- be kind", "  and brief"], ["- be kind and brief"]),
    ],
)
def test_a_mark_on_a_line_of_its_own_belongs_to_the_next(lines: list[str], texts: list[str]) -> None:
    made = paragraphs_of([Line(text, f"line {place}") for place, text in enumerate(lines, start=1)])
    assert [" ".join(one.text.split()) for one in made] == [text.removeprefix("- ") for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("within 90 minutes", [(2, "hours")]),
        ("within two working hours", [(2, "working_hours")]),
        ("within 3 weeks", [(21, "days")]),
        ("within 2 working weeks", [(10, "working_days")]),
        ("within 6 months", [(6, "months")]),
        ("within 0 days", []),
        ("within 9000 days", []),
    ],
)
def test_spans_of_time(text: str, expected: list[tuple[int, str]]) -> None:
    assert [(one.amount, one.unit) for one in spans(text)] == expected


@pytest.mark.parametrize("text", ["Monday to Friday, 13pm to 5pm", "Monday to Friday, 9am to 5:75pm"])
def test_hours_that_are_none(text: str) -> None:
    assert not week(text)


def test_a_draft_of_wales_and_a_body_named_once() -> None:
    text = "Welsh law applies, as in all Wales. The County writes for Cardigan Borough Council."
    made = draft(of_lines("# Policy", text))
    assert made.pack.hours.nation == "WLS"
    assert made.pack.organisation == "Cardigan Borough Council"


def test_a_document_too_long_for_one_pack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(drafting, "FILE_LIMIT", 10)
    with pytest.raises(ImportProblem, match="too long for one pack"):
        draft(of_lines("# Policy", "Posts are kind."))


def test_people_with_a_courtesy_and_numbers_that_are_none() -> None:
    made = drafted("# Contacts", "Mrs Ada Okafor leads. Ring 0999 999 9999 about Ms Okafor.")
    assert any("Ada Okafor" in one for one in found(made, "person"))
    assert [one.note for one in made.guesses if one.what == "phone"] == ["not a number in use: check it"]
