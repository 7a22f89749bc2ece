"""The bundle of a case as one web page: headings, lists and tables that a screen reader can go by. The PDF has none.

It holds no script, no style and no address to fetch from: any browser shows it, also without a network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gatepost.inbox.bundle_pdf import WORDS, when
from gatepost.inbox.bundles import attached
from gatepost.inbox.evidence_check import SAYS

_PAGE = (
    "<!DOCTYPE html>\n"
    '<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title></head>\n<body><main>\n<h1>{title}</h1>\n{body}\n</main></body></html>\n"
)


def html_of(bundle: Mapping[str, Any], sha256: str) -> bytes:
    """The page of a bundle; `sha256` is that of its canonical JSON, by which the two are known to be one."""
    case = bundle["case"]
    parts = [
        _words(f"{bundle['organisation']}. Made {when(bundle['made_at'])}."),
        _words(f"Personal details are {bundle['personal_details']}."),
        _words(f"It came {when(case['received_at'])} on {bundle['channel']['name']}. State: {case['state']}."),
        *(_words(str(one)) for one in (case["why_these_rules"], case["summary"], case["closed_because"]) if one),
    ]
    if bundle["person"]:
        parts.append(_words(f"From {bundle['person']['name']} {bundle['person']['handle']}".strip()))
    parts += [_clocks(bundle["clocks"]), _course(bundle), _said(bundle)]
    parts += [_referral(one) for one in bundle["referrals"]]
    parts += [_record(bundle), _heading("How to check this")]
    parts.append(_words(f"The same bundle as data (JSON) has the digest SHA-256 {sha256}."))
    title = f"{case['title']}: case {case['id']}"
    return format_html(_PAGE, title=title, body=_joined(parts)).encode("utf-8", "replace")


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("\n", "{}", ((part,) for part in parts))


def _heading(words: str) -> SafeString:
    return format_html("<h2>{}</h2>", words)


def _words(text: str) -> SafeString:
    """Words as they were written, line by line."""
    lines = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in text.splitlines()))  # a break
    return format_html("<p>{}</p>", lines)


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> SafeString:
    """Its first column names each row."""
    top = format_html_join("", '<th scope="col">{}</th>', ((head,) for head in heads))
    body = []
    for first, *rest in rows:
        cells = format_html_join("", "<td>{}</td>", ((cell,) for cell in rest))
        body.append(format_html('<tr><th scope="row">{}</th>{}</tr>', first, cells))
    return format_html(
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", caption, top, _joined(body)
    )


def _clocks(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    told = [
        (
            one["name"],
            when(one["due"]),
            f"{when(one['met_at']) or 'Not yet'}{', late' if one['late'] else ''}",
            f"{one['source']}{'; made longer' if one['extended'] else ''}",
        )
        for one in rows
    ]
    table = _table("Each clock with its end", ("Clock", "Answer by", "Met", "Source"), told)
    return _joined([_heading("Answer-by times"), table if told else _words("No clock runs.")])


def _course(bundle: Mapping[str, Any]) -> SafeString:
    steps = [
        f"{when(one['happened_at'])}: {str(one['step']).replace('_', ' ')}. {one['note']}".strip()
        for one in bundle["steps"]
    ]
    longer = [f"{when(one['told_at'])}: told that it takes longer. {one['because']}" for one in bundle["extensions"]]
    return _joined([_heading("Its course"), _listed([*steps, *longer] or ["No step has been taken yet."])])


def _listed(items: Iterable[str]) -> SafeString:
    return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((_words(item),) for item in items)))


def _said(bundle: Mapping[str, Any]) -> SafeString:
    parts = [_heading("What was said")]
    for one in bundle["messages"]:
        private = ", in private" if one["private"] else ""
        parts += [format_html("<h3>{}{}</h3>", when(one["posted_at"]), private), _words(one["text"] or "No words.")]
        parts += [_words(line) for line in attached(one)]
    for one in bundle["our_answers"]:
        parts += [format_html("<h3>We answered, {}</h3>", when(one["sent_at"])), _words(str(one["text"]))]
    return _joined(parts)


def _referral(one: Mapping[str, Any]) -> SafeString:
    asked = f"Referred {when(one['referred_at'])}, answer by {when(one['answer_by'])}. {one['note']}".strip()
    said = [f"{when(note['at'])}, {WORDS.get(note['kind'], note['kind'])}: {note['text']}" for note in one["said"]]
    return _joined([_heading(f"With {one['department']}"), _words(asked), *([_listed(said)] if said else [])])


def _record(bundle: Mapping[str, Any]) -> SafeString:
    rows = [
        (one["line"], when(one["at"]), one["verb"], ", ".join(one["clauses"]), one["digest"][:16])
        for one in bundle["record"]
    ]
    kept = [
        f"Evidence kept {when(one['at'])}, digest {one['sha256']}. {SAYS[one['state']]}" for one in bundle["evidence"]
    ]
    table = _table("Lines of the record about this case", ("Line", "When", "What", "Clauses", "Digest"), rows)
    return _joined([_heading("The record"), table, *([_listed(kept)] if kept else [])])
