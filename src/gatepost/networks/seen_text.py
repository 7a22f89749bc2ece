"""HTML from strangers, as the text that a reader sees: no scripts, no styles, breaks where blocks end."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from itertools import chain
from typing import Protocol

from lxml import etree, html

from .fields import clean

LARGEST = 2 * 1024 * 1024
"""Characters of markup that are read; what comes behind is left out."""

_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "iframe"})
_LINES = frozenset({"dd", "div", "dt", "li", "tr"})  # stand in a line of their own
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "dl", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
) | {"hr", "ol", "p", "pre", "section", "table", "ul"}  # with room around
_LINE, _ROOM = "\x01", "\x02"  # marks that no text keeps
_BLANK = (" ", "\n", _LINE, _ROOM)


class Target(Protocol):
    """What is told of a page's markup, in order, as lxml tells it: names in lower case, references resolved."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...

    def data(self, words: str) -> None: ...

    def close(self) -> None: ...


def tell(markup: str, target: Target) -> None:
    """Reads `markup` into `target`, in time that grows with its length alone, and raises nothing: the standard
    library's parser takes the square of it for unclosed tags, and stops at some declarations."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, target=target)
    with contextlib.suppress(etree.LxmlError):  # nothing in it, or nested too deep: what was told is kept
        parser.feed(clean(markup).encode())
        parser.close()


def text_of(markup: str) -> str:
    """The words of `markup`, at most two line ends together; "" when there are none.

    >>> text_of("<style>p{}</style><p>Good&nbsp;day</p><p>Casey<br>Sample</p>")
    'Good day\\n\\nCasey\\nSample'
    """
    # `huge_tree`: else what is nested deeply, and all that follows it, is left out.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.document_fromstring(clean(markup[:LARGEST]).encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):  # nothing in it
        return ""
    parts: list[str] = []
    unseen = 0
    trees = (tree, *tree.itersiblings())  # what follows the end of the page is shown all the same
    for event, element in chain.from_iterable(etree.iterwalk(one, events=("start", "end")) for one in trees):
        tag = element.tag
        starts = event == "start"
        if tag in _UNSEEN:
            unseen += 1 if starts else -1
        if tag in _LINES and not unseen:
            parts.append(_LINE)
        elif tag in _BLOCKS and not unseen:
            parts.append(_ROOM)
        elif tag == "br" and starts and not unseen:
            parts.append("\n")
        told = element.text if starts else element.tail
        if told and not unseen:
            line = _in_one_line(told)
            # Never two blanks together: else looking for those before a mark takes the square of their number.
            if parts and parts[-1].endswith(_BLANK):
                line = line.removeprefix(" ")
            if line:
                parts.append(line)
    return re.sub(r" ?[\x01\x02\n][ \x01\x02\n]*", _between, "".join(parts)).strip()


def _between(found: re.Match[str]) -> str:
    return "\n\n" if _ROOM in found[0] or found[0].count("\n") > 1 else "\n"


def _in_one_line(told: str) -> str:
    return re.sub(r"[\s\xa0\x01\x02]+", " ", told)
