from __future__ import annotations

import io
import sys
from pathlib import Path

import click
import pytest

from workbench.cli import _shared, main

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("patience", [0, 600])
def test_progress_shows_on_a_terminal_when_work_takes_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    monkeypatch.setattr(_shared, "_PATIENCE", patience)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert main(["verify", "base36_encode", "--examples", "0"]) == 0
    captured = capsys.readouterr()
    assert ("verify base36_encode" in captured.err) == (patience == 0)
    assert captured.err.endswith("\x1b[1A\x1b[2K") == (patience == 0)
    assert "\x1b" not in captured.out


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    """Make standard error a terminal on which progress shows at once."""
    monkeypatch.setattr(_shared, "_PATIENCE", 0)
    stream = _Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def test_the_bar_shows_how_much_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = terminal(monkeypatch)
    with _shared.progress("audit") as show:
        assert show is not None
        for done in range(4):
            show(done, 3, "a very long name " * 10)
    shown = stream.getvalue()
    at = [shown.index(f"{done}/3") for done in range(4)]
    assert at == sorted(at)
    assert f"audit {'a very long name ' * 2}".rstrip() in shown
    assert "a very long name " * 3 not in shown


def test_the_bar_is_removed_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = terminal(monkeypatch)
    with pytest.raises(ZeroDivisionError), _shared.progress("audit") as show:  # noqa: PT012
        assert show is not None
        show(0, 1, "x")
        raise ZeroDivisionError
    assert stream.getvalue().endswith("\x1b[1A\x1b[2K")


def test_no_bar_is_removed_where_none_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = terminal(monkeypatch)
    with _shared.progress("audit"):
        pass
    assert stream.getvalue() == ""


def test_there_is_no_progress_without_a_terminal(capsys: Captured) -> None:
    with _shared.progress("audit") as show:
        assert show is None
    assert capsys.readouterr().err == ""


def test_content_goes_to_a_file_or_to_standard_output(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "out.txt"
    path.write_text("before")
    _shared.deliver("é\n", path)
    assert path.read_text(encoding="utf-8") == "é\n"
    assert capsys.readouterr().out == ""
    _shared.deliver("no newline", None)
    assert capsys.readouterr().out == "no newline"


def test_colors_are_not_removed_from_a_pipe(capsys: Captured) -> None:
    _shared.show("\x1b[31mred\x1b[0m")
    assert capsys.readouterr().out == "\x1b[31mred\x1b[0m"


def test_each_error_is_one_visible_line(capsys: Captured) -> None:
    _shared.name_errors([("a\n.py", "first\nsecond"), ("b.py", "\x1b[2J")])
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        r"workbench: error: a\n.py: first\nsecond",
        r"workbench: error: b.py: \x1b[2J",
    ]


def test_names_and_output_are_parameters() -> None:
    @click.command()
    @_shared.names_argument
    @_shared.output_option
    def command(names: tuple[str, ...], output: Path | None) -> tuple[tuple[str, ...], Path | None]:
        return names, output

    def parse(*arguments: str) -> object:
        return command.main([*arguments], standalone_mode=False)

    assert parse() == ((), None)
    assert parse("a", "-o", "x.txt", "b") == (("a", "b"), Path("x.txt"))
