from __future__ import annotations

import io
import sys
from pathlib import Path

import click
import pytest

from workbench.analyzers.model import Settings
from workbench.analyzers.project.discover import Selection
from workbench.audits.scope import AuditScope
from workbench.cli._scope import scope_options

CACHE = Path(".workbench_cache")


def parsed(*arguments: str, stdin: bytes | None = b"") -> AuditScope:
    """Return the scope that a command gets; raises UsageError. Without ``stdin`` it is not read."""
    scopes: list[AuditScope] = []

    @click.command()
    @scope_options
    @click.option("--undo", is_flag=True)
    def command(scope: AuditScope, undo: bool) -> int:
        del undo
        scopes.append(scope)
        return 7

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", stdin and io.TextIOWrapper(io.BytesIO(stdin)))
        assert command.main([*arguments], standalone_mode=False) == 7
    return scopes[0]


def test_paths_alone_are_the_default_scope() -> None:
    selection = Selection((Path("src"), Path("a.py")))
    assert parsed("src", "a.py") == AuditScope(selection, settings=Settings(cache=CACHE))


@pytest.mark.parametrize(
    ("options", "part", "field", "value"),
    [
        ("--select hash_file,format_float --select get_cpu_count", "scope", "select", 3),
        ("--ignore hash_file", "scope", "ignore", ("hash_file",)),
        ("--exclude a,b --exclude c/", "selection", "excludes", ("a,b", "c/")),
        ("--no-gitignore", "selection", "follow_ignore", False),
        ("--include-generated", "settings", "include_generated", True),
        ("--include-vendored", "settings", "include_vendored", True),
        ("--no-cache", "settings", "cache", None),
        ("--config some.toml", "scope", "config", Path("some.toml")),
    ],
)
def test_each_option_changes_one_field(options: str, part: str, field: str, value: object) -> None:
    plain, scope = fields(parsed("src")), fields(parsed("src", *options.split()))

    changed = {name: found for name, found in scope.items() if found != plain[name]}
    if value == 3:
        value = ("hash_file", "format_float", "get_cpu_count")
    assert changed == {(part, field): value}


def fields(scope: AuditScope) -> dict[tuple[str, str], object]:
    """Return every value of a scope by the part that it is in and its name."""
    parts = {"scope": scope, "selection": scope.selection, "settings": scope.settings}
    return {
        (part, name): value
        for part, holder in parts.items()
        for name, value in vars(holder).items()
        if name not in parts and not name.startswith("_")
    }


@pytest.mark.parametrize("names", ["a,b", "a, ,b", " a , b ", ",a,,b,", "a, b,"])
def test_names_are_split_at_commas(names: str) -> None:
    assert parsed("src", "--select", names).select == ("a", "b")
    assert parsed("src", "--ignore", names, "--ignore", "c").ignore == ("a", "b", "c")


def test_standard_input_is_code_or_a_list(tmp_path: Path) -> None:
    code = parsed("src", "-", "--stdin-name", "new.py", stdin=b"x = 1\n")
    assert (code.selection.paths, code.selection.stdin, code.selection.stdin_name) == (
        (Path("src"),),
        b"x = 1\n",
        "new.py",
    )
    listed = parsed("--files-from", "-", stdin=b"a.py\nb.py\n")
    assert (listed.selection.listed, listed.selection.stdin) == ((Path("a.py"), Path("b.py")), None)
    (tmp_path / "list").write_bytes(b"a.py\0b c.py\0")
    both = parsed("-", "--files-from", str(tmp_path / "list"), stdin=b"x = 1\n")
    assert (both.selection.listed, both.selection.stdin) == (
        (Path("a.py"), Path("b c.py")),
        b"x = 1\n",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "PATH"),
        ("--select hash_file", "PATH"),
        ("- --files-from -", "standard input"),
        ("src --stdin-name a.py", "--stdin-name"),
    ],
)
def test_wrong_combinations_are_wrong_usage(arguments: str, said: str) -> None:
    with pytest.raises(click.UsageError, match=said):
        parsed(*arguments.split())


def test_undo_needs_no_path() -> None:
    assert parsed("--undo") == AuditScope(settings=Settings(cache=CACHE))


def test_standard_input_is_left_alone_without_its_name() -> None:
    assert parsed("src", stdin=None).selection.stdin is None
