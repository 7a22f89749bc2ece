"""Keys outside the database, and the locking up of channel credentials.

`secret.key` signs sessions; `credentials.key` holds Fernet keys one a line, newest first: rotation adds a line on
top and locks everything up again. Both are made on first use with mode 0600. `archive.key` signs copies of the archive.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key


class VaultError(Exception):
    """A key is missing or wrong; the message says what to do."""


def _make(path: Path, text: str) -> None:
    """Makes a file of mode 0600 that is whole from its first moment, unless there is one: another process that starts
    at the same time must not read half a key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = _written(path, text)
    try:
        os.link(new, path)
    except FileExistsError:
        pass
    finally:
        new.unlink()


def _written(path: Path, text: str) -> Path:
    """A new file beside `path` that holds `text`, on the disk before this returns: a key must survive a power cut."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def secret_key(data: Path) -> str:
    """The key that signs sessions: GATEPOST_SECRET_KEY, else `secret.key` in the data folder."""
    given = os.environ.get("GATEPOST_SECRET_KEY", "")
    if given:
        return given
    path = data / "secret.key"
    if not path.exists():
        _make(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()


def _keys(data: Path) -> list[str]:
    path = data / "credentials.key"
    if not path.exists():
        _make(path, Fernet.generate_key().decode())
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _box(data: Path) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in _keys(data)])
    except OSError as error:
        raise VaultError(
            f"The file credentials.key in the data folder cannot be read ({error.strerror}). Mend that, then try again."
        ) from error
    except ValueError as error:
        raise VaultError(
            "The file credentials.key in the data folder is damaged. Put back your copy of it, then start again."
        ) from error


def lock(credentials: Mapping[str, str], data: Path) -> bytes:
    """Credentials as an encrypted token (bytes) under the newest key."""
    return _box(data).encrypt(json.dumps(dict(credentials), sort_keys=True).encode())


def unlock(token: bytes | memoryview, data: Path) -> dict[str, str]:
    """The credentials back. Raises VaultError when no key of ours opens them."""
    try:
        opened = json.loads(_box(data).decrypt(bytes(token)))
    except InvalidToken as error:
        raise VaultError(
            "The credentials cannot be opened: credentials.key is not the key they were locked with. "
            "Put back the right credentials.key, or connect the channel again."
        ) from error
    return {str(name): str(value) for name, value in opened.items()}


def add_key(data: Path) -> None:
    """Puts a new newest key on top. Older ones still open what they locked until everything is locked up again."""
    keys = [Fernet.generate_key().decode(), *_keys(data)]
    _replace(data / "credentials.key", keys)


def forget_old_keys(data: Path) -> None:
    """Keeps the newest key only. Call after everything has been locked up again."""
    _replace(data / "credentials.key", _keys(data)[:1])


def archive_key(data: Path) -> Ed25519PrivateKey:
    """The key that signs copies of the archive, `archive.key` in the data folder. Raises VaultError."""
    path = data / "archive.key"
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        text = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode().strip()
        _make(path, text)
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise VaultError("archive.key in the data folder cannot be read. Put back your copy of it.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise VaultError("archive.key in the data folder is not a key of ours (Ed25519). Put back your copy of it.")
    return key


def _replace(path: Path, keys: list[str]) -> None:
    _written(path, "\n".join(keys)).replace(path)
