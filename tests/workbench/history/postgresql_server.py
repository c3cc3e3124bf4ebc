"""A PostgreSQL server for the tests, in a temporary directory and on a free loopback port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORD = "pa/ss:w%rd"
ESCAPED = "pa%2Fss%3Aw%25rd"
_PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/pgsql-*/bin")


@dataclass(frozen=True)
class Cluster:
    """A running server with the superuser ``workbench``."""

    port: int

    def url(self, database: str = "postgres", password: str = ESCAPED) -> str:
        return f"postgresql://workbench:{password}@127.0.0.1:{self.port}/{database}"


def programs() -> Path | None:
    """Return the directory of initdb and pg_ctl, of the newest version if there are several."""
    for pattern in _PLACES:
        found = sorted(Path("/").glob(pattern.lstrip("/")))
        if found and (found[-1] / "initdb").exists():
            return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def running(bin_: Path) -> Iterator[Cluster]:
    owner = _owner()
    # Not in pytest's directory, which other users cannot enter.
    base = Path(tempfile.mkdtemp(prefix="workbench-postgresql-"))
    try:
        password = base / "password"
        password.write_text(PASSWORD)
        data = base / "data"
        if owner:
            for path in (base, password):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        _run(
            *(bin_ / "initdb", "-D", data, "-U", "workbench", "--no-sync", "--no-locale"),
            *("-E", "UTF8", "--auth=scram-sha-256", f"--pwfile={password}"),
            owner=owner,
        )
        port = _free_port()
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {base} -c fsync=off"
        control = (bin_ / "pg_ctl", "-D", data, "-l", base / "log", "-w", "-t", "120")
        _run(*control, "-o", options, "start", owner=owner)
        try:
            yield Cluster(port)
        finally:
            _run(*control, "-m", "immediate", "stop", owner=owner)
    finally:
        shutil.rmtree(base)


def _owner() -> pwd.struct_passwd | None:
    """Return another user to run the server as, since PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]


def _run(*command: str | Path, owner: pwd.struct_passwd | None) -> None:
    other: dict[str, Any] = {}
    if owner:
        other = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    # Not to pipes, which the server would keep open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            timeout=240,
            check=False,
            **other,
        )
        output.seek(0)
        assert done.returncode == 0, output.read()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
