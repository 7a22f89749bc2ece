"""Bodies, pictures, ids."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gatepost.sandbox import ids, images
from gatepost.sandbox.body import BadBody, multipart


@given(st.binary(max_size=400), st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_a_multipart_body_keeps_its_bytes(data: bytes, text: str) -> None:
    edge = "f3a9c1e07b"
    raw = (
        f'--{edge}\r\nContent-Disposition: form-data; name="words"\r\n\r\n{text}\r\n--{edge}\r\n'
        'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    ).encode() + data
    body = multipart(raw + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}")
    assert body.files == {"file": data}
    assert body.fields == {"words": text}


@given(st.binary(max_size=200))
def test_bytes_without_their_boundary_are_refused(raw: bytes) -> None:
    with pytest.raises(BadBody, match="breaks off"):
        multipart(raw, "multipart/form-data; boundary=never-in-two-hundred-random-bytes")


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_broken_parts_are_read_or_refused_and_nothing_else(one: bytes, two: bytes) -> None:
    with contextlib.suppress(BadBody):
        body = multipart(b"--x" + one + b"\r\n--x" + two, "multipart/form-data; boundary=x")
        assert len(body.fields) + len(body.files) <= 2


@pytest.mark.parametrize(
    ("form", "mime"),
    [("PNG", "image/png"), ("GIF", "image/gif"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")],
)
def test_sizes_are_read_as_pillow_writes_them(form: str, mime: str) -> None:
    for lossless in (False, True) if form == "WEBP" else (False,):
        out = io.BytesIO()
        Image.new("RGB", (37, 21), (120, 10, 200)).save(out, form, **({"lossless": lossless} if form == "WEBP" else {}))
        assert images.sniff(out.getvalue()) == (mime, 37, 21)
        assert images.sniff(out.getvalue()[:9]) is None or form == "GIF"


@given(st.binary(max_size=64))
def test_any_bytes_are_a_picture_or_none(data: bytes) -> None:
    for front in (b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF0000WEBPVP8X"):
        found = images.sniff(front + data)
        assert found is None or found[0].startswith("image/")


def test_ids_look_real_and_grow() -> None:
    assert ids.settled(1, "a") == ids.settled(1, "a") != ids.settled(2, "a")
    assert len(ids.settled(1, "a", digits=16)) == 16
    one = ids.snowflake(1_795_000_000_000, 0)
    assert ids.snowflake(1_795_000_000_000, one) == one + 1
    assert ids.snowflake_time(one) == 1_795_000_000_000
    assert len(str(one)) == 19
