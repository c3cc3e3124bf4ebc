from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

import workbench
from tests.workbench.history.history_samples import make_entry, make_run
from workbench import history
from workbench.cli import main
from workbench.results.model import Results

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a directory with two valid results files and several broken files."""
    monkeypatch.chdir(tmp_path)
    for number in (1, 2):
        workbench.save_results(make_run(number), tmp_path / f"results{number}.json")
    (tmp_path / "notes.txt").write_text("no results here\n" * 100)
    (tmp_path / "code").mkdir()
    (tmp_path / "broken.db").symlink_to("no/such.db")
    return tmp_path


@pytest.mark.parametrize("words", [[], ["add"], ["show"], ["plot"]])
def test_every_command_has_help(words: list[str], capsys: Captured) -> None:
    assert main(["history", *words, "--help"]) == 0
    text = capsys.readouterr().out
    assert "workbench history" in text.split("Examples:")[1]
    assert all(len(line) <= 80 for line in text.splitlines())
    assert not words or str(history.DEFAULT_STORE) in text


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from workbench.cli import main; main(['history', 'show', '--help'])\n"
        "print(sorted({'matplotlib', 'numpy', 'pandas', 'psycopg', 'sqlalchemy'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


@pytest.mark.usefixtures("here")
def test_add_show_and_plot(capsys: Captured) -> None:
    assert main(["history", "add", "results1.json"]) == 0
    added = capsys.readouterr().out
    assert added.startswith("added the run of ")
    assert added.endswith(" with 1 workload to .workbench/history.db\n")
    assert main(["history", "add", "results1.json"]) == 0
    again = capsys.readouterr().out
    assert again.startswith(".workbench/history.db already has the run of ")
    assert again.endswith("; nothing was added\n")
    assert main(["history", "add", "results2.json"]) == 0
    capsys.readouterr()
    assert main(["history", "show", "hash_file"]) == 0
    assert capsys.readouterr().out.endswith("2 runs, 0 steps\n")
    assert main(["history", "show", "--format", "csv", "-o", "trend.csv"]) == 0
    assert Path("trend.csv").read_text().count("\nhash_file,9 KB,2025-01-0") == 2
    for name in ("trend.svg", "trend.png"):
        assert main(["history", "plot", "-o", name]) == 0
        assert Path(name).stat().st_size > 5000
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("here")
def test_the_same_measurements_in_another_form_are_the_same_run(capsys: Captured) -> None:
    assert main(["history", "add", "results1.json"]) == 0
    workbench.save_results(workbench.load_results("results1.json"), Path("again.json"))
    Path("again.json").write_text(Path("again.json").read_text() + "\n")
    assert main(["history", "add", "again.json"]) == 0
    assert capsys.readouterr().out.count("nothing was added") == 1


@pytest.mark.usefixtures("here")
def test_a_server_works_like_a_file(server: str, capsys: Captured) -> None:
    for name in ("results1.json", "results2.json"):
        assert main(["history", "add", name, "--store", server]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(" to postgresql://workbench:***@127.0.0.1:" in line for line in lines)
    assert len(lines) == 2
    assert main(["history", "show", "--store", server]) == 0
    assert capsys.readouterr().out.endswith("2 runs, 0 steps\n")
    assert main(["history", "plot", "--store", server, "-o", "trend.svg"]) == 0


BAD_INPUT = [
    # arguments, exit code, part of the error line
    ("", 2, "Missing command"),
    ("ad results1.json", 2, "No such command 'ad'"),
    ("add", 2, "Missing argument"),
    ("add missing.json", 2, "cannot read missing.json"),
    ("add notes.txt", 2, "notes.txt is not a pyperf file"),
    ("add results1.json --store notes.txt", 2, "cannot use notes.txt: it is not an SQLite"),
    ("add results1.json --store code", 2, "cannot use code: it is a directory"),
    ("add results1.json --store no/h.db", 2, "directory no does not exist"),
    ("add results1.json --store mysql://me:secret@host/x", 2, "unsupported store 'mysql:'"),
    ("add results1.json --store postgresql://h:port/x", 2, "URL is not valid"),
    ("show", 3, ".workbench/history.db has no history"),
    ("show --store no/h.db", 2, "directory no does not exist"),
    ("show --store notes.txt", 2, "it is not an SQLite database"),
    ("show --format yaml", 2, "'yaml' is not one of"),
    ("show -o no/trend.txt", 2, "directory no does not exist"),
    ("add results1.json --store broken.db", 2, "it cannot be opened as an SQLite database"),
    ("show --store kept.db hash_fil", 2, "did you mean 'hash_file'?"),
    ("show --store kept.db get_cpu_count", 3, "no run measured get_cpu_count"),
    ("plot", 2, "Missing option"),
    ("plot -o trend.pdf", 2, "must end with .svg or .png"),
    ("plot -o no/trend.svg", 2, "directory no does not exist"),
    ("plot -o trend.svg", 3, "has no history"),
    ("plot -o trend.svg --store postgresql://me:secret@127.0.0.1:1/x", 2, "onnection"),
]


@pytest.mark.parametrize(("arguments", "exit_code", "said"), BAD_INPUT, ids=lambda v: str(v)[:40])
@pytest.mark.usefixtures("here")
def test_bad_input_is_one_clear_line(
    arguments: str, exit_code: int, said: str, capsys: Captured
) -> None:
    history.add(Results((make_entry("hash_file", "9 KB", 4.0),)), "kept.db")
    assert main(["history", *arguments.split()]) == exit_code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("workbench: error: ")
    assert captured.err.count("\n") == 1
    assert said in captured.err
    assert "secret" not in captured.err


@pytest.mark.usefixtures("here")
def test_a_store_that_stays_locked(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.history import database

    history.add(make_run(1), "kept.db")
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.1)
    engine = sa.create_engine("sqlite:///kept.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        for command in (["add", "results2.json"], ["show"]):
            assert main(["history", *command, "--store", "kept.db"]) == 2
            assert "kept it locked for 0.1 s" in capsys.readouterr().err
    engine.dispose()
    assert len(history.load("kept.db").runs) == 1
