"""From a plain text to the words on it: how it is cut, and the word behind leetspeak, stars and stretched letters.

What a piece of text stands for depends on the piece alone, so each is worked out once and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u200c"
_NUMBER = r"\d[\d.,:/]*\d(?![\w{m}])|\d(?![\w{m}@$*])"
_WORD = r"[@$]?[\w{m}][\w{m}'@$*]*(?:!(?=\w)[\w{m}'@$*]*)*"
_STOP = r"[.?!\n]+"
_TOKEN = re.compile(
    "|".join(
        (
            _NUMBER,
            r"[\u3400-\u9fff]",  # written without spaces: every character is a word
            r"#\w[\w{m}]*",
            _WORD,
            _STOP,
            r"[\u2600-\u27bf\U0001f300-\U0001faff]",
        )
    ).replace("{m}", _MARKS)
)
# The same for ASCII, where no letter needs to be looked up.
_ASCII = re.compile(
    r"[@$]?[a-z_][\w'@$*]*(?:!(?=\w)[\w'@$*]*)*|" + "|".join((_STOP, _NUMBER, r"#\w+", _WORD)).replace("{m}", ""),
    re.ASCII,
)
# Letters with stops between them are one piece, for they may be one word.
_DOTTED = re.compile(r"(?<![\w.])[^\W\d_](?:\.[^\W\d_]){2,11}(?!\w)")
_WITH_DOTTED = re.compile(f"{_DOTTED.pattern}|{_TOKEN.pattern}")
_WHOLE_NUMBER = re.compile(r"\d[\d.,:/]*\d|\d")
_STOPS = frozenset(".?!\n")
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
)
_REPEAT = re.compile(r"(.)\1{2,}")
_ODD = re.compile(r"[\d@$!*]|(.)\1\1")
_MOST = 8192  # pieces remembered: about 1 MB

Part = tuple[str, int, int]  # a word and its place within the piece of text it was read from


def cut(text: str) -> list[str]:
    """The pieces of a plain text (see `normal`) that stand for words, numbers, hashtags and stops, in order."""
    if text.count(".") > 1 and _DOTTED.search(text):
        return list(_WITH_DOTTED.findall(text))
    found: list[str] = _ASCII.findall(text) if text.isascii() else _TOKEN.findall(text)
    return found


class Tokens(dict[str, str]):
    """The word each piece of text stands for; "" where `parts` must say: several words, or not all of its letters."""

    def __init__(
        self,
        spellings: Mapping[str, tuple[str, ...]],
        known: frozenset[str],
        starred: tuple[str, ...],
        rude: frozenset[str],
    ) -> None:
        super().__init__()
        self.spellings, self.known, self.starred, self.rude = spellings, known, starred, rude
        self.spelt: dict[str, tuple[Part, ...]] = {}

    def __missing__(self, piece: str) -> str:
        parts = self.read(piece)
        if len(self) >= _MOST:  # strange words must not fill the memory of a long-running worker
            self.clear()
        word = parts[0][0] if len(parts) == 1 and parts[0][1:] == (0, len(piece)) else ""
        self[piece] = word
        return word

    def parts(self, piece: str) -> tuple[Part, ...]:
        """The words a piece stands for, each with its place in the piece."""
        known = self.spelt.get(piece)
        if known is None:
            if len(self.spelt) >= _MOST:
                self.spelt.clear()
            known = self.spelt[piece] = self.read(piece)
        return known

    def read(self, piece: str) -> tuple[Part, ...]:
        """What `parts` says, without remembering it."""
        first, length = piece[0], len(piece)
        if piece.isalpha() and not _ODD.search(piece) and piece not in self.spellings:
            return ((piece, 0, length),)
        if first in _STOPS:
            return (("?" if "?" in piece else "!" if "!" in piece else ".", 0, length),)
        if first == "#":
            return tuple(self._tag(piece))
        if first.isdigit() and _WHOLE_NUMBER.fullmatch(piece):
            return ((piece, 0, length),)
        if "." in piece:
            return self._dotted(piece)
        form, end = (piece, length) if piece.isalpha() and not _ODD.search(piece) else self._plain_form(piece)
        return tuple((one, 0, end) for one in self.spellings.get(form, (form,)))

    def _plain_form(self, form: str) -> tuple[str, int]:
        """The plain form of a word with apostrophes, figures, stars or stretched letters in it, and its end."""
        end = len(form)
        bare = form.rstrip("'*!$@")
        if bare and len(form) - len(bare) < 3:
            # "brilliant*" is a footnote; "f***" is not, and keeps its stars for the next step
            form, end = bare, len(bare)
        if form.endswith("'s"):
            form = form[:-2]
        form = form.replace("'", "")
        if "_" in form:  # "f_u_c_k" is one word; a name of an account stays as it is
            bare = form.replace("_", "").translate(_LEET)
            form = bare if bare in self.rude else form
        if not _ODD.search(form):
            return form, end
        return self._unmask(form), end

    def _dotted(self, piece: str) -> tuple[Part, ...]:
        """The rude word that letters with stops between them make ("c.u.n.t"), or each letter and stop by itself."""
        word = piece.replace(".", "")
        if self.spaced(word) == word:
            return ((word, 0, len(piece)),)
        return tuple((form, at, at + 1) for at, one in enumerate(piece) for form, _, _ in self.read(one))

    def _unmask(self, form: str) -> str:
        """The word behind leetspeak, stars and stretched letters; `form` itself where it hides none we know."""
        if "*" in form:
            return _behind_stars(form, self.starred) if len(form) < 20 else form
        known = self.known
        if form in known:
            return form
        plain = form.translate(_LEET) if not form.isdigit() else form
        if plain in known:
            return plain
        if _REPEAT.search(plain):
            for candidate in (_REPEAT.sub(r"\1\1", plain), _REPEAT.sub(r"\1", plain)):
                if candidate in known:
                    return candidate
        return form.lstrip("@$") if form[:1] in "@$" else form

    def _tag(self, tag: str) -> list[Part]:
        """The words inside a hashtag, each with its place: "#brokenlift" is "broken" and "lift"."""
        bare = tag[1:41]
        best: list[Part] = []
        at = 0
        while at < len(bare):
            for end in range(len(bare), at + 1, -1):
                if bare[at:end] in self.known and (end - at > 2 or end == len(bare)):
                    best.append((bare[at:end], at + 1, end + 1))
                    at = end
                    break
            else:
                return [(tag[1:], 1, len(tag))]
        return best

    def spaced(self, letters: str) -> str:
        """The longest rude word that single letters begin with ("f u c k"), or ""."""
        plain = letters.translate(_LEET)
        return next((plain[:size] for size in range(len(plain), 2, -1) if plain[:size] in self.rude), "")


@lru_cache(maxsize=2048)
def _behind_stars(form: str, rude: tuple[str, ...]) -> str:
    # people do not count their stars: a run of them stands for about as many letters
    parts = re.split(r"(\*+)", form)
    written = [f"[a-z]{{1,{len(p) + 2}}}" if p[:1] == "*" else re.escape(p.translate(_LEET)) for p in parts]
    pattern = re.compile("".join(written) + "(?:s|ing|ed)?")
    found = [word for word in rude if word[0] == form[0] and pattern.fullmatch(word)]
    return min(found, key=lambda word: abs(len(word) - len(form))) if found else form
