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
    read = markup[:LARGEST]
    # `huge_tree`: else what is nested deeply, and all that follows it, is left out.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.document_fromstring(clean(read).encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):  # nothing in it
        return ""
    seen = _Seen()
    if any("xcessive depth" in one.message for one in parser.error_log):  # the tree ends there, what is told does not
        tell(read, seen)
        return seen.words()
    trees = (tree, *tree.itersiblings())  # what follows the end of the page is shown all the same
    for event, element in chain.from_iterable(etree.iterwalk(one, events=("start", "end")) for one in trees):
        if event == "start":
            seen.start(element.tag, {})
            seen.data(element.text or "")
        else:
            seen.end(element.tag)
            seen.data(element.tail or "")
    return seen.words()


class _Seen:
    """What a reader sees, gathered from beginnings, ends and words in their order."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.unseen = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.unseen += tag in _UNSEEN
        self._break(tag)
        if tag == "br" and not self.unseen:
            self.parts.append("\n")

    def end(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN
        self._break(tag)

    def data(self, words: str) -> None:
        if not words or self.unseen:
            return
        line = _in_one_line(words)
        # Never two blanks together: else looking for those before a mark takes the square of their number.
        if self.parts and self.parts[-1].endswith(_BLANK):
            line = line.removeprefix(" ")
        if line:
            self.parts.append(line)

    def close(self) -> None:
        pass

    def words(self) -> str:
        return re.sub(r" ?[\x01\x02\n][ \x01\x02\n]*", _between, "".join(self.parts)).strip()

    def _break(self, tag: str) -> None:
        if not self.unseen and (tag in _LINES or tag in _BLOCKS):
            self.parts.append(_LINE if tag in _LINES else _ROOM)


def _between(found: re.Match[str]) -> str:
    return "\n\n" if _ROOM in found[0] or found[0].count("\n") > 1 else "\n"


def _in_one_line(told: str) -> str:
    return re.sub(r"[\s\xa0\x01\x02]+", " ", told)
