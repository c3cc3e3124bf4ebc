from __future__ import annotations

import string
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbench.history.history_samples import make_run
from workbench import history
from workbench.errors import WorkbenchError
from workbench.history.location import File, Server, locate

SPECIAL = "@:/?#%&=+ []"
secrets = st.text(string.ascii_uppercase + string.digits + SPECIAL, min_size=6, max_size=20)

FORMS = {
    "raw": "postgresql://me:{raw}@db/h",
    "escaped": "postgresql://me:{escaped}@db/h",
    "option": "postgresql://me@db/h?password={escaped}",
    "raw option": "postgresql://me@db/h?password={raw}",
    "option of a host": "postgresql://db?password={raw}",
    "option of nothing": "postgresql:///?password={raw}",
    "one slash": "postgresql:/me:{raw}@db/h",
    "words": "host=db password={raw}",
}


@pytest.mark.parametrize(
    ("store", "path"),
    [
        ("history.db", "history.db"),
        ("a/b c/history.db", "a/b c/history.db"),
        ("/a/b?c#d%20.db", "/a/b?c#d%20.db"),
        ("./a:b.db", "./a:b.db"),
        ("sqlite:///a/b.db", "a/b.db"),
        ("sqlite:////a/b.db", "/a/b.db"),
        ("SQLite:a.db", "a.db"),
        (Path("x:y"), "x:y"),
    ],
)
def test_files(store: str | Path, path: str) -> None:
    assert locate(store) == File(Path(path))


@pytest.mark.parametrize("name", ["a?mode=ro.db", "a#b.db", "a%41.db", "日本 x.db", "file:x.db"])
def test_files_with_odd_names_are_those_files(tmp_path: Path, name: str) -> None:
    history.add(make_run(1), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert len(history.load(tmp_path / name).runs) == 1


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "PostgreSQL"])
def test_servers(scheme: str) -> None:
    place = locate(f"{scheme}://me:pw@db:1/h?sslmode=require")
    assert isinstance(place, Server)
    assert str(place) == "postgresql://me:***@db:1/h"
    assert place.url.query == {"sslmode": "require"}


@pytest.mark.parametrize("store", ["", "sqlite:", "a\0b", "mysql://h/x", "https://h/x", "pg:h"])
def test_invalid_stores(store: str) -> None:
    with pytest.raises(WorkbenchError, match="store"):
        locate(store)


@given(secrets, st.sampled_from(sorted(FORMS)))
@settings(max_examples=800)
def test_no_part_of_a_password_is_shown(secret: str, form: str) -> None:
    """Neither the name nor the error contains any part of it, escaped or not."""
    store = FORMS[form].format(raw=secret, escaped=quote(secret, safe=""))
    try:
        shown = str(locate(store))
    except WorkbenchError as error:
        shown = str(error)
    # Remove the advice, which has capital letters of its own.
    shown = shown.replace("postgresql://USER:PASSWORD@HOST:PORT/NAME", "").replace("%40", "")
    shown = shown.replace("SQL", "").replace("URL", "")
    assert not set(shown) & {*string.ascii_uppercase, *string.digits}
