"""What the policy says of a form as it stands: findings with their numbers, lengths, previews, what is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gatepost.channels.models import Channel
from gatepost.gate.actions import check
from gatepost.gate.allowances import tight
from gatepost.gate.checking import as_post, draft_of
from gatepost.gate.content import Content
from gatepost.policy.mending import Mend, apply, mend_for
from gatepost.policy.model import Finding
from gatepost.policy.pack import Pack
from gatepost.publishing import costs
from gatepost.publishing.actions import parts_for
from gatepost.publishing.lengths import Length, length_of
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.findings import ANSWER, RANKS, WORDS, Mark
from gatepost.web.frame.problems import Line, Unclear
from gatepost.web.preview.likeness import Preview, preview
from gatepost.web.write.form import Form
from gatepost.web.write.parts import FormPart, as_draft, numbered
from gatepost.web.write.when import When


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of one or more channels. `number` is 0 when no words of the common text are marked for it."""

    finding: Finding
    word: str
    said: str
    channels: tuple[str, ...]  # named only when it is not about all of them
    place: str  # id of the field it is mended in
    number: int = 0
    asks: bool = False
    answer: str = ""
    mend: Mend | None = None  # its places are those of the field as it was typed

    @property
    def key(self) -> str:
        """Tells one mend from another between the page and the form that comes back."""
        return f"{self.place}:{self.finding.check}:{self.mend.start if self.mend else 0}"


@dataclass(frozen=True, slots=True)
class Looked:
    found: tuple[Found, ...]
    under: tuple[Mark, ...]
    previews: tuple[Preview, ...]
    lengths: dict[int, Length]
    when: When | None
    unclear: str
    asks: tuple[Found, ...]
    costs: tuple[str, ...] = ()  # what the networks charge for it, and how much more they take where that is little
    parts: tuple[tuple[FormPart, tuple[tuple[Channel, Length], ...]], ...] = ()  # each with its lengths

    def number_of(self, severity: str) -> int:
        return sum(1 for item in self.found if item.finding.severity == severity)

    @property
    def stops(self) -> int:
        return self.number_of("stop")

    @property
    def open_asks(self) -> int:
        return sum(1 for item in self.asks if not item.answer.strip())

    @property
    def notes(self) -> int:
        return self.number_of("note")


def place_of(finding: Finding, form: Form, channel: int, own: bool) -> str:
    """The id of the form's field a finding is about."""
    head, _, rest = finding.field.partition(".")
    part = 0
    if head == "parts":
        number, _, rest = rest.partition(".")
        part = int(number) + 1
        head, _, rest = rest.partition(".")
        if head != "images":
            return f"part-{part + 1}"
    if head == "images":
        number = rest.partition(".")[0]
        mine = [item for item in form.pictures if item.part == part]
        if number.isdecimal() and int(number) < len(mine):
            return f"alt-{mine[int(number)].media.pk[:12]}"
        return "picture"
    if head in ("link", "title"):
        return head
    return f"own-{channel}" if own else "text"


def look(form: Form, channels: Sequence[Channel], *, at: datetime, begun: bool = True) -> Looked:
    """`channels` are those the person may write for. One check a channel that is chosen. Not `begun`: that an
    empty page is empty is no mistake yet."""
    chosen = [channel for channel in channels if channel.pk in form.channels]
    bare = replace(form, pictures=())  # what is not chosen is only counted: no picture is made ready for it
    contents = {channel.pk: (form if channel in chosen else bare).content(channel, at) for channel in channels}
    by_channel = {
        channel.pk: [
            _placed(one, form, channel) for one in check(contents[channel.pk], at=at) if begun or one.check != "empty"
        ]
        for channel in chosen
    }
    found = _merged(form, chosen, by_channel, contents, in_force(at))
    when, unclear = None, ""
    try:
        when = form.when(at)
    except Unclear as error:
        unclear = str(error)
    under, numbered = _under(form.text, found)
    return Looked(
        found=numbered,
        under=under,
        previews=tuple(
            replace(
                preview(channel, contents[channel.pk], findings=by_channel[channel.pk], own=bool(form.own(channel.pk))),
                without=len(form.parts) - len(contents[channel.pk].parts),
            )
            for channel in chosen
        ),
        lengths={channel.pk: length_of(contents[channel.pk], channel.network) for channel in channels},
        when=when,
        unclear=unclear,
        asks=tuple(item for item in _once(numbered) if item.asks),
        costs=(
            *_costs(costs.said("publish", contents[one.pk].as_json(), one) for one in chosen),
            *(f"{one.channel.name}: {one.says}" for one in tight(chosen, leaves=when.moment if when else at, at=at)),
        ),
        parts=_lengths(form, chosen, contents),
    )


def _costs(said: Iterable[str]) -> tuple[str, ...]:
    """Each sentence once, with how many channels it is true of."""
    times = Counter(filter(None, said))
    return tuple(words if count == 1 else f"{words} For each of {count} channels." for words, count in times.items())


def _placed(finding: Finding, form: Form, channel: Channel) -> Finding:
    """A finding of a further part under the number it has in the form: not every part goes to each channel."""
    if not finding.field.startswith("parts."):
        return finding
    _, number, rest = finding.field.split(".", 2)
    place = parts_for(as_draft(form.parts), channel)[int(number)]
    said = finding.message.partition(": ")[2]
    return replace(finding, field=f"parts.{place}.{rest}", message=f"Part {place + 2}: {said}")


def _lengths(
    form: Form, chosen: Sequence[Channel], contents: Mapping[int, Content]
) -> tuple[tuple[FormPart, tuple[tuple[Channel, Length], ...]], ...]:
    """How long each further part is on the channels it goes to."""
    found: dict[int, list[tuple[Channel, Length]]] = {}
    for channel in chosen:
        content = contents[channel.pk]
        for place, part in zip(parts_for(as_draft(form.parts), channel), content.parts, strict=True):
            length = length_of(as_post(content, part), channel.network, part=True)
            found.setdefault(place, []).append((channel, length))
    return tuple((part, tuple(found.get(place, ()))) for place, part in enumerate(form.parts))


def _once(found: Iterable[Found]) -> list[Found]:
    """The first finding of each check: an answer is to a check, however often it finds something."""
    first: dict[str, Found] = {}
    for item in found:
        if item.asks:
            first.setdefault(item.finding.check, item)
    return list(first.values())


def _mend(finding: Finding, channel: Channel, content: Content, form: Form, about: int, pack: Pack) -> Mend | None:
    """The mend, moved by the blanks that were typed before the text and do not leave with it."""
    if finding.field.startswith("parts."):
        return _mend_part(finding, channel, content, form, pack)
    mend = mend_for(finding, draft_of(content, channel.network, {}, ""), pack)
    if mend is None:
        return None
    typed = form.texts.get(about, "") if about else form.text
    if mend.field != "text":
        number = mend.field.split(".")[1] if mend.field.startswith("images.") else ""
        typed = [item for item in form.pictures if not item.part][int(number)].alt if number else form.link
    lead = len(typed) - len(typed.lstrip())
    return replace(mend, start=mend.start + lead, end=mend.end + lead)


def _mend_part(finding: Finding, channel: Channel, content: Content, form: Form, pack: Pack) -> Mend | None:
    """The same for the words of a further part."""
    _, number, rest = finding.field.split(".", 2)
    if rest != "text":
        return None
    place = int(number)
    part = content.parts[parts_for(as_draft(form.parts), channel).index(place)]
    mend = mend_for(replace(finding, field="text"), draft_of(as_post(content, part), channel.network, {}, ""), pack)
    if mend is None:
        return None
    typed = form.parts[place].text
    lead = len(typed) - len(typed.lstrip())
    return replace(mend, start=mend.start + lead, end=mend.end + lead)


def mended(form: Form, looked: Looked, key: str) -> Form:
    """The form with one mend made; as it was when the mend is no longer there to make."""
    item = next((one for one in looked.found if one.mend and one.key == key), None)
    if item is None or item.mend is None:
        return form
    mend = item.mend
    if item.place == "text":
        return replace(form, text=apply(mend, form.text))
    if item.place == "link":
        return replace(form, link=apply(mend, form.link))
    if item.place.startswith("own-"):
        number = int(item.place[4:])
        return replace(form, texts={**form.texts, number: apply(mend, form.texts[number])})
    if item.place.startswith("part-"):
        parts = [
            (apply(mend, one.text) if item.place == f"part-{one.number}" else one.text, one.channel)
            for one in form.parts
        ]
        return replace(form, parts=numbered(parts))
    pictures = (
        replace(one, alt=apply(mend, one.alt)) if item.place == f"alt-{one.short}" else one for one in form.pictures
    )
    return replace(form, pictures=tuple(pictures))


def _merged(
    form: Form,
    chosen: Sequence[Channel],
    by_channel: dict[int, list[Finding]],
    contents: Mapping[int, Content],
    pack: Pack,
) -> list[Found]:
    groups: dict[tuple[object, ...], tuple[Finding, int, list[str], Channel]] = {}
    for channel in chosen:
        own = channel.pk if form.own(channel.pk) else 0
        for finding in by_channel[channel.pk]:
            about = own if finding.field in ("", "text") else 0
            key = (finding.check, finding.clause, finding.message, finding.field, finding.start, finding.end, about)
            groups.setdefault(key, (finding, about, [], channel))[2].append(channel.name)
    out = []
    for finding, about, names, channel in sorted(groups.values(), key=lambda group: RANKS[group[0].severity]):
        text = (form.own(about) if about else form.text).strip()
        in_text = finding.field in ("", "text") and finding.end > finding.start
        said = text[finding.start : finding.end] if in_text and finding.check != "length" else ""
        asks = finding.severity == "ask" and finding.check != "edited_wording"
        out.append(
            Found(
                finding=finding,
                word=WORDS[finding.severity],
                said=said if len(said) <= 60 else "",
                channels=() if len(names) == len(chosen) and len(chosen) > 1 and not about else tuple(names),
                place=place_of(finding, form, about, bool(about)),
                asks=asks,
                answer=form.answers.get(finding.check, "") if asks else "",
                mend=_mend(finding, channel, contents[channel.pk], form, about, pack),
            )
        )
    return out


def _under(text: str, found: Sequence[Found]) -> tuple[tuple[Mark, ...], tuple[Found, ...]]:
    """The text cut at what was found in it, and the findings with the numbers of their marks, in reading order."""
    lead = len(text) - len(text.lstrip())
    spans: list[tuple[int, int, Found]] = []
    for item in found:
        finding = item.finding
        if item.place != "text" or finding.end <= finding.start or finding.check == "length":
            continue
        start, end = finding.start + lead, finding.end + lead
        if end <= len(text) and all(end <= first or start >= last for first, last, _ in spans):
            spans.append((start, end, item))
    spans.sort(key=lambda span: span[0])
    numbers = {id(item): place for place, (_, _, item) in enumerate(spans, 1)}
    marks, place = [], 0
    for start, end, item in spans:
        marks.append(Mark(text[place:start]))
        marks.append(Mark(text[start:end], item.finding.severity, numbers[id(item)]))
        place = end
    marks.append(Mark(text[place:]))
    numbered = [replace(item, number=numbers.get(id(item), 0)) for item in found]
    numbered.sort(key=lambda item: (item.number == 0, item.number))
    return tuple(mark for mark in marks if mark.text), tuple(numbered)


def lines_of(findings: Iterable[Finding], looked: Looked) -> tuple[Line, ...]:
    """Findings that stood against a submission as lines of the error summary, each leading to its field, once."""
    wanted = {(finding.check, finding.message) for finding in findings}
    lines = []
    for item in looked.found:
        if (item.finding.check, item.finding.message) in wanted:
            to = f"answer-{item.finding.check}" if item.asks else item.place
            names = f"{', '.join(item.channels)}: " if item.channels else ""
            mend = "Answer this below." if item.asks else item.finding.mend
            lines.append(Line(f"{names}{item.finding.message} {mend}".strip(), to, item.finding.clause))
    return tuple(dict.fromkeys(lines))


def answered(data: Iterable[str]) -> frozenset[str]:
    """The checks whose answer fields were in a form that was sent."""
    return frozenset(name[len(ANSWER) :] for name in data if name.startswith(ANSWER))
