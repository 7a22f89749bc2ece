"""Actions of the API for pictures and films: uploads in pieces, the library, consent, subtitles.

A body of the API holds at most 1 MB, so a file comes in pieces of at most PIECE bytes, each in base64. Whoever lost the
line asks `upload.get` how far it is and goes on from there.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from gatepost.calls.asked import Asked, Digest, Id, Short
from gatepost.calls.found import NoSuch, one_of
from gatepost.channels.actions import reads_messages
from gatepost.gate.facts import MediaFact
from gatepost.gate.models import Act
from gatepost.inbox.masking import masked
from gatepost.people.models import User
from gatepost.policy.checks.personal import details_in
from gatepost.policy.reading import read
from gatepost.publishing import library, rights, uploads
from gatepost.publishing.models import Consent, Media, Upload
from gatepost.publishing.rights import About
from gatepost.rulebook.actions import in_force

PIECE = 512 * 1024
FORM = 700_000  # characters of base64: what a body of 1 MB has room for


def _base64(words: str) -> str:
    try:
        base64.b64decode(words, validate=True)
    except binascii.Error as error:
        raise ValueError("is not base64") from error
    return words


Encoded = Annotated[str, AfterValidator(_base64)]


class UploadBegin(Asked):
    """A file on its way: its name, by which a film is known, and its size in bytes."""

    filename: Annotated[str, Field(min_length=1, max_length=400)]
    size: Annotated[int, Field(ge=1, le=2**40)]


class UploadPiece(Asked):
    """At most 512 KB in base64, beginning at `offset`: where the upload has come to."""

    upload: UUID
    offset: Annotated[int, Field(ge=0, le=2**40)]
    data: Annotated[Encoded, Field(max_length=700_000)]


class UploadGet(Asked):
    upload: UUID


class MediaSearch(Asked):
    """Media that hold every word in their name, what they show, their source, licence or keywords; newest first."""

    words: Annotated[str, Field(max_length=200)] = ""
    kind: Literal["", "pictures", "films"] = ""
    skip: Annotated[int, Field(ge=0, le=100_000)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 24


class MediaGet(Asked):
    media: Digest


class MediaDescribe(Asked):
    """All that is noted of it; what is left out becomes empty. `people`: somebody can be recognised on it."""

    media: Digest
    alt: Annotated[str, Field(max_length=2000)] = ""
    source: Annotated[str, Field(max_length=200)] = ""
    licence: Annotated[str, Field(max_length=120)] = ""
    words: Annotated[str, Field(max_length=300)] = ""
    people: bool = False


class ConsentNote(Asked):
    """`who` in your own way: the number of a form. `form`: the signed form, a PDF, JPEG or PNG in base64."""

    media: Digest
    who: Annotated[str, Field(min_length=1, max_length=120)]
    given_on: date
    expires_on: date | None = None
    form: Annotated[Encoded, Field(max_length=FORM)] = ""
    form_name: Annotated[str, Field(max_length=160)] = ""


class ConsentWithdraw(Asked):
    consent: Id
    because: Short = ""


class SubtitlesAdd(Asked):
    """WebVTT or SRT in one language, in place of those the film had in it."""

    media: Digest
    language: Annotated[str, Field(max_length=20)] = "en"
    text: Annotated[str, Field(max_length=900_000)]


class SubtitlesDrop(Asked):
    media: Digest
    language: Annotated[str, Field(max_length=20)]


class UploadOut(BaseModel):
    """`ready`: the digest under which it is used in `post.save`; "" while it arrives or is made. `piece`: the most
    bytes of the next one."""

    upload: UUID
    received: int
    size: int
    ready: str
    failed: str
    piece: int = PIECE


class MediaRow(BaseModel):
    media: str
    filename: str
    mime: str
    width: int
    height: int
    bytes: int
    seconds: float | None
    alt: str
    source: str
    licence: str
    words: str
    people: bool
    added_by: int
    added_at: datetime


class MediaOut(BaseModel):
    media: list[MediaRow]
    more: bool


class ConsentRow(BaseModel):
    consent: int
    who: str
    given_on: date
    expires_on: date | None
    has_form: bool
    by: int
    at: datetime
    withdrawn_at: datetime | None


class SubtitlesRow(BaseModel):
    language: str
    sha256: str
    cues: int


class MediaWhole(MediaRow):
    """`consents` only for those who keep them. `online`: acts by which it was published and is not taken down.
    `text_share`: how much of a picture words cover, 0 to 1; null where it was not measured, and `unread` says why where
    it is known. `in_picture`: the words, as a program read them, without personal details; `details`: their kinds."""

    text_share: float | None
    in_picture: str
    details: list[str]
    unread: str
    subtitles: list[SubtitlesRow]
    consents: list[ConsentRow]
    online: list[UUID]


class WithdrawnOut(BaseModel):
    """Acts by which it is still online: take them down."""

    consent: int
    online: list[UUID]


def upload_begin(wish: UploadBegin, *, by: User, at: datetime) -> UploadOut:
    return _upload_out(uploads.begin_upload(wish.filename, wish.size, by=by, at=at))


def upload_piece(wish: UploadPiece, *, by: User, at: datetime) -> UploadOut:
    upload = _upload(wish.upload, by)
    taken = uploads.take_piece(upload, wish.offset, base64.b64decode(wish.data), by=by, at=at)
    taken.refresh_from_db()
    return _upload_out(taken)


def upload_get(wish: UploadGet, *, by: User, at: datetime) -> UploadOut:
    return _upload_out(_upload(wish.upload, by))


def media_search(wish: MediaSearch, *, by: User, at: datetime) -> MediaOut:
    films = {"films": True, "pictures": False}.get(wish.kind)
    rows = list(library.search(wish.words, films=films)[wish.skip : wish.skip + wish.limit + 1])
    return MediaOut(media=[_row(item) for item in rows[: wish.limit]], more=len(rows) > wish.limit)


def media_get(wish: MediaGet, *, by: User, at: datetime) -> MediaWhole:
    return _whole(_media(wish.media), by, at)


def media_describe(wish: MediaDescribe, *, by: User, at: datetime) -> MediaWhole:
    about = About(wish.alt, wish.source, wish.licence, wish.words, wish.people)
    return _whole(rights.describe(_media(wish.media), about, by=by, at=at), by, at)


def consent_note(wish: ConsentNote, *, by: User, at: datetime) -> MediaWhole:
    media = _media(wish.media)
    rights.note_consent(
        media,
        wish.who,
        given_on=wish.given_on,
        expires_on=wish.expires_on,
        by=by,
        at=at,
        form=base64.b64decode(wish.form),
        form_name=wish.form_name or "form",
    )
    return _whole(media, by, at)


def consent_withdraw(wish: ConsentWithdraw, *, by: User, at: datetime) -> WithdrawnOut:
    kept = one_of(
        Consent.objects.select_related("media").filter(pk=wish.consent), f"There is no consent {wish.consent}."
    )
    out = rights.withdraw_consent(kept, because=wish.because, by=by, at=at)
    return WithdrawnOut(consent=kept.pk, online=_ids(out))


def subtitles_add(wish: SubtitlesAdd, *, by: User, at: datetime) -> MediaWhole:
    media = _media(wish.media)
    library.add_subtitles(media, wish.text.encode("utf-8", "surrogatepass"), wish.language, by=by, at=at)
    return _whole(media, by, at)


def subtitles_drop(wish: SubtitlesDrop, *, by: User, at: datetime) -> MediaWhole:
    media = _media(wish.media)
    kept = one_of(media.subtitles.filter(language=wish.language), f"This film has no subtitles in “{wish.language}”.")
    library.drop_subtitles(kept, by=by, at=at)
    return _whole(media, by, at)


def _upload(key: UUID, by: User) -> Upload:
    found = uploads.upload_of(key, by)
    if found is None:
        raise NoSuch("This file is not on its way. Begin again with upload.begin.")
    return found


def _media(digest: str) -> Media:
    return one_of(
        Media.objects.filter(pk=digest), "There is no picture or film with this digest. Find it with media.search."
    )


def _upload_out(upload: Upload) -> UploadOut:
    return UploadOut(
        upload=upload.pk,
        received=upload.received,
        size=upload.size,
        ready=upload.media_id or "",
        failed=upload.failed,
    )


def _row(item: Media) -> MediaRow:
    return MediaRow(
        media=item.pk,
        filename=item.filename,
        mime=item.mime,
        width=item.width,
        height=item.height,
        bytes=item.bytes,
        seconds=item.seconds,
        alt=item.alt,
        source=item.source,
        licence=item.licence,
        words=item.words,
        people=item.people,
        added_by=item.added_by_id,
        added_at=item.added_at,
    )


def _whole(item: Media, by: User, at: datetime) -> MediaWhole:
    consents = item.consents.order_by("pk") if reads_messages(by, at) else Consent.objects.none()
    fact = MediaFact.objects.filter(pk=item.pk).first() or MediaFact(sha256=item.pk)
    pack = in_force(at)
    return MediaWhole(
        **_row(item).model_dump(),
        text_share=fact.text_share,
        in_picture=masked(fact.words, read(fact.words, pack.words).spans) if fact.words else "",
        details=list(dict.fromkeys(details_in(fact.words, pack))),
        unread=fact.unread,
        subtitles=[
            SubtitlesRow(language=one.language, sha256=one.sha256, cues=one.cues) for one in item.subtitles.all()
        ],
        consents=[
            ConsentRow(
                consent=one.pk,
                who=one.who,
                given_on=one.given_on,
                expires_on=one.expires_on,
                has_form=bool(one.form_sha256),
                by=one.by_id,
                at=one.at,
                withdrawn_at=one.withdrawn_at,
            )
            for one in consents
        ],
        online=_ids(rights.out_there(item)),
    )


def _ids(acts: list[Act]) -> list[UUID]:
    return [act.pk for act in acts]


MEDIA: dict[str, tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]] = {
    "upload.begin": (UploadBegin, upload_begin, UploadOut, "Make room for a picture or film"),
    "upload.piece": (UploadPiece, upload_piece, UploadOut, "The next piece of it; the last one has it made"),
    "upload.get": (UploadGet, upload_get, UploadOut, "How far it is, and whether it can be used"),
    "media.search": (MediaSearch, media_search, MediaOut, "Find pictures and films"),
    "media.get": (MediaGet, media_get, MediaWhole, "One picture or film with all that is noted of it"),
    "media.describe": (MediaDescribe, media_describe, MediaWhole, "Note what it shows and whose it is"),
    "consent.note": (ConsentNote, consent_note, MediaWhole, "Note that somebody shown agrees"),
    "consent.withdraw": (ConsentWithdraw, consent_withdraw, WithdrawnOut, "Somebody shown no longer agrees"),
    "subtitles.add": (SubtitlesAdd, subtitles_add, MediaWhole, "Give a film subtitles"),
    "subtitles.drop": (SubtitlesDrop, subtitles_drop, MediaWhole, "Take subtitles away"),
}
