"""An invented council's policy, in parts, and the same policy as a file of each of the six formats."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import docx
import odfdo
from fpdf import FPDF

Row = tuple[str, ...]
Part = tuple[Literal["title", "heading", "text", "item"], str] | tuple[Literal["table"], tuple[Row, ...]]

PARTS: tuple[Part, ...] = (
    ("title", "Social media and online conduct policy"),
    ("heading", "1. Who this policy is for"),
    (
        "text",
        "1.1 This policy applies to all employees and contractors of Larkmoor District Council (LDC).",
    ),
    (
        "text",
        "1.2 It does not apply to personal accounts of councillors. Facebook, Instagram and Bluesky are in scope.",
    ),
    ("heading", "2. Roles"),
    ("text", "2.1 The Head of Communications, Imogen Thackeray, is responsible for every official account."),
    ("text", "2.2 In her absence the deputy is the Digital Engagement Manager, Tobias Renshaw."),
    (
        "text",
        "2.3 Only trained officers may post. Staff must complete the social media training before access is given.",
    ),
    ("text", "2.4 When somebody leaves the council their access is removed on the same day."),
    ("heading", "3. Approval"),
    ("text", "3.1 Every post must be approved by the Head of Communications before it is published."),
    ("text", "3.2 Routine posts about bin collections do not need further approval."),
    (
        "text",
        "3.3 A second person checks spelling, facts and alternative text. Up to five posts a day are published.",
    ),
    ("heading", "4. Accounts and security"),
    ("text", "4.1 New accounts are opened only with the approval of the Head of Communications."),
    ("text", "4.2 Dormant accounts with no posts for six months are closed."),
    ("text", "4.3 All accounts use two-factor authentication. Passwords must never be shared."),
    ("text", "4.4 The council's logo is the profile picture of each account."),
    ("heading", "5. When we reply"),
    ("text", "5.1 Our accounts are monitored Monday to Friday, 8.30am to 5pm, except on bank holidays."),
    ("text", "5.2 We aim to reply to messages within two working days."),
    ("text", "5.3 Please do not use social media to report emergencies. Call 01632 960111 instead."),
    ("text", "5.4 Direct messages on Instagram are switched off."),
    ("heading", "6. What we do with messages"),
    ("text", "6.1 Officers follow this table."),
    (
        "table",
        (
            ("What comes in", "What we do"),
            ("A complaint about a service", "Refer it to the Customer Relations Team within 1 working day"),
            ("A freedom of information request", "Pass it to the Information Governance Team"),
            ("A question from a journalist or other media enquiries", "Forward it to the Press Office"),
            ("Spam or advertising", "Delete the post and do not reply"),
        ),
    ),
    (
        "text",
        (
            "6.2 If somebody complains, reply with: “Thank you for telling us. We have passed this to the Customer "
            "Relations Team, who will be in touch.” OR “We are sorry to hear this. Please ring 01632 960222 so that we "
            "can help.”"
        ),
    ),
    ("text", "6.3 Officers confirm the identity of a person before they discuss a case."),
    ("text", "6.4 Abuse or threats against staff are reported to Marguerite Olufemi, Health and Safety Adviser."),
    (
        "text",
        "6.5 Any sign of self-harm is passed to the Safeguarding Team within 1 hour.",
    ),
    ("heading", "7. House rules"),
    ("text", "7.1 We hide or remove comments which are:"),
    ("item", "abusive, obscene, racist or otherwise discriminatory"),
    ("item", "spam or advertising"),
    ("item", "defamatory or threatening"),
    ("text", "7.2 Criticism of the council is welcome. We never remove comments because they criticise us."),
    (
        "text",
        "7.3 Whoever breaks these rules thrice is blocked for one month. We give notice of a block in writing.",
    ),
    ("text", "7.4 Accounts that post threats are blocked at once, without notice."),
    (
        "text",
        "7.5 You may appeal against a block within 20 working days. Screenshots are kept for two years.",
    ),
    ("text", "7.6 We use the profanity filter of Facebook, and an officer reviews what it hides every day."),
    ("text", "7.7 False information is corrected first, with a link to the facts."),
    ("heading", "8. Elections and emergencies"),
    ("text", "8.1 From the notice of election nothing is posted about candidates."),
    ("text", "8.2 In a major incident the Head of Communications pauses all scheduled posts."),
    ("heading", "9. Pictures and promotion"),
    ("text", "9.1 Pictures of children need the written consent of a parent."),
    ("text", "9.2 Following an account does not mean that the council endorses it."),
    ("text", "9.3 Competitions need terms and a closing date."),
    ("heading", "10. Personal use"),
    ("text", "10.1 Employees who write in a personal capacity make clear that their views are their own."),
    ("heading", "11. Records and review"),
    ("text", "11.1 Posts and messages are records of the council and are kept for six years."),
    ("text", "11.2 Breaches of this policy may lead to disciplinary action."),
    (
        "text",
        (
            "11.3 The Data Protection Act 2018, the UK GDPR, the Equality Act 2010 and the Code of Recommended "
            "Practice on Local Authority Publicity apply."
        ),
    ),
    ("text", "11.4 This policy is reviewed every two years."),
    ("text", "11.5 Larkmoor has been twinned with Beauvallon since 1974."),
)


def every_text() -> list[str]:
    """Every text of the policy, cell by cell."""
    found: list[str] = []
    for kind, said in PARTS:
        if kind == "table":
            found += [cell for row in said for cell in row]
        else:
            found.append(str(said))
    return found


def as_docx(parts: Sequence[Part] = PARTS) -> bytes:
    made = docx.Document()
    for kind, said in parts:
        if kind == "table":
            table = made.add_table(rows=0, cols=len(said[0]))
            for row in said:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        elif kind == "text":
            made.add_paragraph(str(said))
        elif kind == "item":
            made.add_paragraph(str(said), style="List Bullet")
        else:
            made.add_heading(str(said), 0 if kind == "title" else 1)
    made.sections[0].footer.paragraphs[0].text = "Larkmoor District Council, version 4"
    return _saved(made.save)


def as_odt(parts: Sequence[Part] = PARTS) -> bytes:
    made = odfdo.Document("text")
    body = made.body
    body.clear()
    for kind, said in parts:
        if kind == "table":
            table = odfdo.Table("actions", width=len(said[0]), height=len(said))
            for place, row in enumerate(said, start=1):
                for column, cell in zip("ABC", row, strict=False):
                    table.set_value(f"{column}{place}", cell)
            body.append(table)
        elif kind == "text":
            body.append(odfdo.Paragraph(str(said)))
        elif kind == "item":
            body.append(odfdo.List([str(said)]))
        else:
            body.append(odfdo.Header(1 if kind == "title" else 2, str(said)))
    return _saved(made.save)


def as_pdf(parts: Sequence[Part] = PARTS) -> bytes:
    made = FPDF()
    made.add_page()
    sizes = {"title": 20, "heading": 14}
    for kind, said in parts:
        made.set_font("Helvetica", "B" if kind in sizes else "", sizes.get(kind, 11))
        if kind == "table":
            with made.table(first_row_as_headings=False) as table:
                for row in said:
                    cells = table.row()
                    for cell in row:
                        cells.cell(cell)
        else:
            text = str(said).replace("“", '"').replace("”", '"')
            made.multi_cell(0, 6, f"- {text}" if kind == "item" else text, new_x="LMARGIN", new_y="NEXT")
        made.ln(4)
    return bytes(made.output())


def as_html(parts: Sequence[Part] = PARTS) -> bytes:
    tags = {"title": "h1", "heading": "h2", "text": "p", "item": "li"}
    lines = ["<!doctype html><html><head><title>Policy</title><style>p { color: red }</style></head><body>"]
    lines.append("<nav><a href='/'>Home</a></nav><main>")
    for kind, said in parts:
        if kind == "table":
            rows = ["".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in said]
            lines.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        else:
            lines.append(f"<{tags[kind]}>{html.escape(str(said))}</{tags[kind]}>")
    return "\n".join([*lines, "</main><script>var x = 'no policy';</script></body></html>"]).encode()


def as_md(parts: Sequence[Part] = PARTS) -> bytes:
    marks = {"title": "# ", "heading": "## ", "text": "", "item": "- "}
    lines: list[str] = []
    for kind, said in parts:
        if kind == "table":
            rows = [f"| {' | '.join(row)} |" for row in said]
            lines += [rows[0], "|---" * len(said[0]) + "|", *rows[1:], ""]
        else:
            # A number before a heading's or a paragraph's words would be a list in Markdown.
            lines += [marks[kind] + str(said), ""]
    return "\n".join(lines).encode()


def as_txt(parts: Sequence[Part] = PARTS) -> bytes:
    """Wrapped by hand at 90, as people do in plain text."""
    lines: list[str] = []
    for kind, said in parts:
        if kind == "table":
            lines += ["\t".join(row) for row in said] + [""]
            continue
        words, line = str(said).split(), "- " if kind == "item" else ""
        for word in words:
            if len(line) + len(word) + 1 > 90:
                lines.append(line.rstrip())
                line = ""
            line += f"{word} "
        lines += [line.rstrip(), ""]
    return "\n".join(lines).encode()


FILES: Mapping[str, Callable[..., bytes]] = {
    "docx": as_docx,
    "odt": as_odt,
    "pdf": as_pdf,
    "html": as_html,
    "md": as_md,
    "txt": as_txt,
}


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    held = io.BytesIO()
    save(held)
    return held.getvalue()
