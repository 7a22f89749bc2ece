"""A paragraph into its sentences. What stands in quotation marks stays with the sentence it is quoted in."""

from __future__ import annotations

import re

# Straight single marks too, where a capital follows and enough to be said; apostrophes inside words do not end them.
QUOTE = re.compile(
    r"“[^“”]{1,4000}”|\"[^\"]{1,4000}\"|(?<!\w)‘[^‘]{1,4000}?’(?![\w’])"
    r"|(?<![\w'])'(?=[A-Z])(?:[^'\"“”]|(?<=\w)'(?=\w)){15,4000}'(?![\w'])"
)
_END = re.compile(r"(?P<end>(?<![.!?…])[.!?…]+[\"”’')\]]*)(?P<space>\s+)(?=[\"“‘'(\[]*[A-Z0-9À-ÞΑ-ΩА-Я•])")
_OTHERWISE = re.compile(r"(?:OR|or)\s+[\"“‘]")  # another wording for the same case
_SHORT = re.compile(
    r"(?:^|[\s(“\"])(?:mr|mrs|ms|mx|dr|prof|cllr|st|no|nos|para|paras|sect|sec|s|ss|art|fig|vol|ch|cf|etc|eg|e\.g|ie|i\.e|"
    r"vs|v|inc|ltd|co|dept|ext|tel|approx|jan|feb|aug|sept|oct|nov|dec|[A-Z])\.$",
    re.IGNORECASE,
)
_STARTS_WITH_NUMBER = re.compile(r"^\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivx]{1,5})[.)]+$", re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """In order; joined with spaces they are `text` again."""
    quoted = [found.span() for found in QUOTE.finditer(text)]
    found: list[str] = []
    start = 0
    place = 0
    for end in _END.finditer(text):
        stop = end.end("end")
        while place < len(quoted) and quoted[place][1] <= end.start():
            place += 1
        # The full stop before a closing mark ends the sentence only when the quotation ends there too.
        if place < len(quoted) and quoted[place][0] < end.start() and stop < quoted[place][1]:
            continue
        if _OTHERWISE.match(text, end.end()):
            continue
        before = text[start:stop]
        if end["end"] == "." and (_SHORT.search(before[-12:]) or _STARTS_WITH_NUMBER.match(before.strip())):
            continue
        found.append(before.strip())
        start = end.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found
