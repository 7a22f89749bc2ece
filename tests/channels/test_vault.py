"""The keys outside the database."""

from __future__ import annotations

import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from gatepost.channels.actions import rotate_key
from gatepost.channels.models import Channel
from gatepost.ledger.models import Line
from gatepost.vault import VaultError, add_key, forget_old_keys, lock, secret_key, unlock
from tests import factories


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    token = lock({"token": "t", "é": "ü"}, tmp_path)
    path = tmp_path / "credentials.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b'"t"' not in token
    assert unlock(memoryview(token), tmp_path) == {"token": "t", "é": "ü"}
    assert secret_key(tmp_path) == secret_key(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["credentials.key", "secret.key"]


def test_processes_that_start_together_agree_on_a_key(tmp_path: Path) -> None:
    found: list[str] = []
    ready = threading.Barrier(8)

    def read() -> None:
        ready.wait()
        found.append(secret_key(tmp_path))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0]) > 40


def test_a_new_key_opens_what_older_ones_locked_until_they_are_forgotten(tmp_path: Path) -> None:
    token = lock({"token": "t"}, tmp_path)
    add_key(tmp_path)
    assert unlock(token, tmp_path) == {"token": "t"}
    newer = lock({"token": "t"}, tmp_path)
    forget_old_keys(tmp_path)
    assert unlock(newer, tmp_path) == {"token": "t"}
    with pytest.raises(VaultError, match=r"credentials\.key is not the key"):
        unlock(token, tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["credentials.key"]


@pytest.mark.parametrize("text", ["", "not a key\n", "\udcff"])
def test_a_damaged_key_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "credentials.key").write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(VaultError, match="damaged"):
        lock({}, tmp_path)


def test_a_key_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "credentials.key").mkdir()
    with pytest.raises(VaultError, match="cannot be read"):
        lock({}, tmp_path)


@pytest.mark.django_db
def test_rotation_locks_everything_up_again() -> None:
    channels = [factories.channel() for _ in range(3)]
    before = [bytes(channel.credentials) for channel in channels]
    key = (Path(settings.DATA) / "credentials.key").read_text()
    assert rotate_key(by=factories.SETUP, at=datetime.now(UTC)) == 3
    after = (Path(settings.DATA) / "credentials.key").read_text()
    assert after.strip().count("\n") == 0
    assert after != key
    for channel, old in zip(channels, before, strict=True):
        channel.refresh_from_db()
        assert bytes(channel.credentials) != old
        assert channel.account().credentials["token"] == "practice-token"
    assert key.strip() not in str(list(Line.objects.values()))


@pytest.mark.django_db
def test_a_rotation_that_fails_loses_nothing() -> None:
    good, bad = factories.channel(), factories.channel()
    Channel.objects.filter(pk=bad.pk).update(credentials=b"locked elsewhere")
    with pytest.raises(VaultError):
        rotate_key(by=factories.SETUP, at=datetime.now(UTC))
    good.refresh_from_db()
    assert good.account().credentials["token"] == "practice-token"
    assert not Line.objects.filter(verb="vault.rotated").exists()
