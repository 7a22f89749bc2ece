"""The media library is found by words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost.publishing import library, rights
from gatepost.publishing.pictures import add_picture

from .images import photograph, picture
from .test_media import store
from .test_posts import Desk, desk

__all__ = ["desk", "store"]
pytestmark = pytest.mark.django_db


class TestLibrary:
    def test_every_word_must_be_there(self, desk: Desk) -> None:
        media = add_picture(photograph(), "hall.jpg", by=desk.staff, at=desk.at)
        other = add_picture(picture("PNG", (640, 340)), "roof.png", by=desk.staff, at=desk.at + timedelta(minutes=1))
        rights.describe(media, rights.About(alt="Millrace hall", source="J. Sample"), by=desk.staff, at=desk.at)
        assert list(library.search("HALL sample")) == [media]
        assert list(library.search("hall roof")) == []
        assert list(library.search("")) == [other, media]
        assert list(library.search("", films=True)) == []
        assert list(library.search("", films=False)) == [other, media]
