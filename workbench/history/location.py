"""Parse the location of a history, without showing passwords in messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.extras import POSTGRES, require

if TYPE_CHECKING:
    from sqlalchemy import URL

DEFAULT_STORE = Path(".workbench/history.db")
_SCHEME = re.compile(r"([A-Za-z][\w+.-]*):")
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_FORM = "postgresql://USER:PASSWORD@HOST:PORT/NAME"


@dataclass(frozen=True)
class File:
    """An SQLite database."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class Server:
    """A database on a PostgreSQL server."""

    url: URL

    def __str__(self) -> str:
        # Options may contain a password too.
        shown = self.url.set(query={})
        return shown.set(drivername="postgresql").render_as_string(hide_password=True)


def locate(store: str | Path) -> File | Server:
    """Parse a file (a path or ``sqlite:///PATH``) or a server (``postgresql://...``).

    Raises WorkbenchError for anything else, without repeating text that may be a password.
    """
    text = str(store)
    scheme = _SCHEME.match(text)
    if isinstance(store, Path) or not (scheme or "password=" in text.lower()):
        return _file(text)
    name = scheme.group(1).lower() if scheme else ""
    if name == "sqlite":
        return _file(re.sub("^sqlite:(///)?", "", text, flags=re.IGNORECASE))
    if name in _POSTGRESQL:
        return Server(_url(text))
    what = f"unsupported store '{name}:'" if name else "the store is not a path"
    raise WorkbenchError(f"{what}: use a path or {_FORM}")


def _file(text: str) -> File:
    if not text or "\0" in text:
        raise WorkbenchError("the store has no name: use a path")
    return File(Path(text))


def _url(text: str) -> URL:
    require(POSTGRES, ("sqlalchemy", "psycopg"))
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    # A second @ means that the password contains an unescaped one.
    if text.count("@") > 1:
        raise WorkbenchError("the store's URL has more than one @: escape @ in a password as %40")
    unreadable = WorkbenchError(f"the store's URL is not valid: write it as {_FORM}")
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise unreadable from None
    # An option that was parsed as a user or a host may be a password too.
    if set("?=&") & set(f"{url.username}{url.host}{url.database}"):
        raise unreadable
    return url.set(drivername="postgresql+psycopg")
