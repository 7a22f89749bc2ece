"""The words in a picture, read by Tesseract where it is installed: how far they cover the picture, and what they say.

Tesseract reads what strangers made, so it gets the picture as this desk wrote it, made small, by a pipe: no file, no
network, no shell, and limits of time, processor, memory and answer. Without it everything else works, and a picture
says that its words were not looked for.
"""

from __future__ import annotations

import csv
import io
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from gatepost import jobs
from gatepost.gate.facts import MediaFact
from gatepost.gate.media import MediaError, get
from gatepost.policy.checks.personal import details_in
from gatepost.policy.pack import Pack
from gatepost.publishing.models import Media
from gatepost.publishing.rights import digests_of

SECONDS = 60  # of the clock, and of the processor, for one picture
MEMORY = 1024**3  # bytes of address space
LONGEST_SIDE = 2400  # pixels a picture is made small to before it is read
MOST_ANSWER = 4 * 1024 * 1024  # bytes of what Tesseract says
SURE = 60.0  # of 100: words it is less sure of are left out
LEAST = 3  # letters and digits: fewer in a whole picture are specks, not words
MOST_WORDS = 4000  # code points that are kept
MOST_OFFERED = 600  # of them as a beginning of the alternative text
NOT_INSTALLED = "Tesseract, which reads words in pictures, is not installed on this server."


class Unread(Exception):
    """The words of a picture could not be looked for; the message says why."""


@dataclass(frozen=True, slots=True)
class InPicture:
    """What was read: `share` of the picture's area that words cover, 0 to 1, and the words, a line for each line."""

    share: float
    words: str


def version() -> str:
    """Of the Tesseract that is installed: "tesseract 5.3.0"; "" where none is."""
    tool = shutil.which("tesseract")
    if tool is None:
        return ""
    try:
        said = subprocess.run([tool, "--version"], capture_output=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.decode("utf-8", "replace").partition("\n")[0].strip()[:60]


def read_words(data: bytes) -> InPicture:
    """The words in a picture of ours (JPEG, PNG, WebP). Raises Unread."""
    tool = shutil.which("tesseract")
    if tool is None:
        raise Unread(NOT_INSTALLED)
    small, area = _small(data)
    said = _asked([tool, "stdin", "stdout", "-l", "eng", "--psm", "11", "tsv"], small)
    return _found(said, area)


def _small(data: bytes) -> tuple[bytes, int]:
    """The picture in grey as Tesseract gets it, and how many pixels it has."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            opened.draft("L", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG need not be decoded whole
            picture: Image.Image = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unread("The picture is damaged.") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    ground = Image.new("RGBA", picture.size, "white")  # what is see-through would turn black
    out = io.BytesIO()
    Image.alpha_composite(ground, picture).convert("L").save(out, "PNG")
    return out.getvalue(), picture.width * picture.height


def _asked(command: list[str], data: bytes) -> str:
    bare = {"PATH": os.defpath, "LC_ALL": "C", "OMP_THREAD_LIMIT": "1"}
    if "TESSDATA_PREFIX" in os.environ:
        bare["TESSDATA_PREFIX"] = os.environ["TESSDATA_PREFIX"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=bare) as process:
        try:
            # before it has anything to read: the picture comes only with communicate
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (SECONDS, SECONDS))
            said, _ = process.communicate(data, timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise Unread("It took too long to look for words in it.") from error
        except OSError as error:
            process.kill()
            raise Unread("Tesseract ended before it had read the picture.") from error
    if process.returncode or len(said) > MOST_ANSWER:
        raise Unread("Tesseract could not read the picture.")
    answer = said.decode("utf-8", "replace").replace("\0", "")
    if not answer.startswith("level\t"):
        raise Unread("Tesseract could not read the picture.")
    return answer


def _found(said: str, area: int) -> InPicture:
    covered, lines = 0, dict[tuple[str, ...], list[str]]()
    for row in _sure(said):
        covered += int(row["width"]) * int(row["height"])
        place = (row["block_num"], row["par_num"], row["line_num"])
        lines.setdefault(place, []).append(row["text"].strip())
    words = "\n".join(" ".join(line) for line in lines.values())
    if sum(mark.isalnum() for mark in words) < LEAST:
        return InPicture(0.0, "")
    return InPicture(round(min(1.0, covered / area), 4), words[:MOST_WORDS])


def _sure(said: str) -> Iterator[dict[str, str]]:
    """The rows of words that Tesseract is sure of and that hold a letter or a digit: specks are read as dashes."""
    for row in csv.DictReader(io.StringIO(said), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = row.get("text") or ""
        if row.get("level") == "5" and float(row["conf"]) >= SURE and any(mark.isalnum() for mark in text):
            yield row


def start_of_alt(words: str, pack: Pack) -> str:
    """What the alternative text of a picture with these words may begin with, for a person to look at; "" where there
    are none, or somebody's details are among them."""
    line = " ".join(words.split())
    if not line or details_in(words, pack):
        return ""
    return f"Words in the picture: {line if len(line) <= MOST_OFFERED else f'{line[:MOST_OFFERED]} …'}"


def want_words(media: Media) -> None:
    """Asks the worker to look for the words of a picture that nobody has looked for. For the caller's transaction."""
    if not media.moving and not MediaFact.objects.filter(pk=media.pk, words_at__isnull=False).exists():
        jobs.enqueue(jobs.Job.READ_PICTURE, media=media.pk, once=f"words:{media.pk}")


def look_for_words(media: Media, *, at: datetime) -> InPicture | None:
    """Reads a picture's words and notes them with each form of it; for the worker. None where they could not be read:
    then `unread` says why, and where Tesseract is missing the next use of the picture asks again."""
    fact, _ = MediaFact.objects.get_or_create(sha256=media.pk)
    if media.moving or fact.words_at is not None:
        return None
    try:
        found = read_words(get(media.pk))
    except (Unread, MediaError) as error:
        there = str(error) != NOT_INSTALLED
        MediaFact.objects.filter(pk=media.pk).update(unread=str(error)[:200], words_at=at if there else None)
        return None
    values = {"text_share": found.share, "words": found.words, "words_at": at, "unread": ""}
    MediaFact.objects.filter(pk__in=digests_of(media)).update(**values)
    return found
