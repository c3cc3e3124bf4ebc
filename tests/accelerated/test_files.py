from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import accelerated
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.accelerated.platforms import on_linux

PYTHON = accelerated.functions("python")
NATIVE = accelerated.functions("native")


@pytest.mark.parametrize(
    ("content", "n", "expected"),
    [
        (b"", 5, []),
        (b"\n", 5, [""]),
        (b"\n\n\n", 2, ["\n", ""]),
        (b"a\rb\nc\n", 2, ["a\rb\n", "c"]),
        (b"a\r\r\nb\r\n", 2, ["a\n", "b"]),
        (b"\r\n\r", 5, ["\n", ""]),
        (b"a\nb\nc", 2, ["b\n", "c"]),
        (b"a\nb", 0, []),
        (b"\xff\xfe\nx\xe2\x82\n", 2, ["\ufffd\ufffd\n", "x\ufffd"]),
        ("é世😀\nü".encode(), 2, ["é世😀\n", "ü"]),
        (b"a\x0bb\x0cc\x1cd\x85\n", 1, ["a\x0bb\x0cc\x1cd\ufffd"]),
    ],
)
def test_last_lines(
    side: SimpleNamespace, tmp_path: Path, content: bytes, n: int, expected: list[str]
) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    for chunk_size in (1, 2, 8192):
        assert side.read_last_n_lines(str(path), n, chunk_size) == expected
    assert side.read_last_n_lines(path, n) == expected


@pytest.mark.parametrize("errors", ["ignore", "backslashreplace", "surrogateescape"])
def test_carriage_returns_are_stripped_after_decoding(
    side: SimpleNamespace, tmp_path: Path, errors: str
) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"a\r\xff\r\nb\r\xff")
    first, last = (line.decode("utf-8", errors) for line in (b"a\r\xff\r", b"b\r\xff"))
    expected = [first.rstrip("\r") + "\n", last.rstrip("\r")]
    assert side.read_last_n_lines(str(path), 2, errors=errors) == expected


def test_any_codec_is_accepted(side: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes("ä\nö\n".encode("latin-1"))
    assert side.read_last_n_lines(str(path), 1, encoding="latin-1") == ["ö"]
    with pytest.raises(LookupError):
        side.read_last_n_lines(str(path), 1, encoding="no-such-codec")
    with pytest.raises(LookupError):
        side.read_last_n_lines(str(path), 1, errors="no-such-handler")
    with pytest.raises(UnicodeDecodeError):
        side.read_last_n_lines(str(path), 1, errors="strict")


def test_last_lines_rejects_bad_arguments(side: SimpleNamespace, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"a\n")
    for args in [(log, -1), (log, 1, 0), (tmp_path / "missing", 1), ("", 1), ("a\0b", 1)]:
        with pytest.raises(AssertionError):
            side.read_last_n_lines(*args)
    with pytest.raises(RuntimeError):
        side.read_last_n_lines(str(tmp_path), 1)
    with pytest.raises(TypeError):
        side.read_last_n_lines(str(log), "1")


class Unsigned(int):
    """An integer whose negation wraps around, as that of numpy's unsigned integers does."""

    def __neg__(self) -> int:
        return 256 - int(self)


@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_unsigned_counts_slice_from_the_start(
    side: SimpleNamespace, tmp_path: Path, ending: bytes
) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"a\nb" + ending)
    with pytest.raises(IndexError):
        side.read_last_n_lines(str(path), Unsigned(1))
    path.write_bytes(b"\n".join(b"%d" % line for line in range(260)) + ending)
    first = 255 if not ending else 254
    expected = [*(f"{line}\n" for line in range(first, 259)), "259"]
    assert side.read_last_n_lines(str(path), Unsigned(1), 10**6) == expected


def test_assertions_are_raised_under_optimisation(tmp_path: Path) -> None:
    code = (
        "import sys, accelerated\n"
        "for side in ('python', 'native'):\n"
        "    try: accelerated.functions(side)['read_last_n_lines'](sys.argv[1], -1)\n"
        "    except AssertionError: print(side)\n"
    )
    command = [sys.executable, "-O", "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["python", "native"]


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as directory:
        yield Path(directory) / "log"


LINES = st.lists(
    st.sampled_from([b"\n", b"\r", b"a", b"bc", b"\xe2\x82\xac", b"\xff", b"x" * 4096])
)


@settings(max_examples=800)
@given(LINES, st.integers(0, 12), st.sampled_from(["replace", "ignore", "surrogateescape"]))
def test_last_lines_of_both_agree(scratch: Path, parts: list[bytes], n: int, errors: str) -> None:
    scratch.write_bytes(b"".join(parts))
    native = NATIVE["read_last_n_lines"](str(scratch), n, errors=errors)
    assert native == PYTHON["read_last_n_lines"](str(scratch), n, errors=errors)


def test_a_file_that_changes_while_it_is_read_gives_its_lines(
    side: SimpleNamespace, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    line = "x" * 99
    path.write_text(f"{line}\n" * 200)
    done = threading.Event()

    def disturb() -> None:
        while not done.is_set():
            with path.open("ab") as file:
                file.write(f"{line}\n".encode() * 50)
            os.truncate(path, 100 * 100)
            other = path.with_suffix(".new")
            other.write_text(f"{line}\n" * 150)
            other.replace(path)

    writer = threading.Thread(target=disturb)
    writer.start()
    try:
        for _ in range(300):
            lines = side.read_last_n_lines(str(path), 120)
            assert len(lines) <= 120
            assert all(line.startswith(read.rstrip("\n")) for read in lines)
    finally:
        done.set()
        writer.join()


@pytest.mark.parametrize("size", [0, 1, 9000, 2**18 - 1, 2**18, 2**18 + 1, 3 * 2**18])
def test_hashes_agree_with_hashlib(side: SimpleNamespace, tmp_path: Path, size: int) -> None:
    path = tmp_path / "data"
    content = bytes(i * 7 % 251 for i in range(size))
    path.write_bytes(content)
    for algorithm in sorted(hashlib.algorithms_available):
        expected = hashlib.new(algorithm, content)
        actual = side.hash_file(str(path), algorithm)
        assert type(actual) is type(expected)
        assert actual.name == expected.name
        for both in (actual, expected):
            both.update(b"more")
        length = (16,) if actual.digest_size == 0 else ()
        assert actual.copy().hexdigest(*length) == expected.hexdigest(*length)


@on_linux
def test_a_file_without_a_size_is_hashed(side: SimpleNamespace) -> None:
    content = Path("/proc/self/cmdline").read_bytes()
    digest = side.hash_file("/proc/self/cmdline", "sha256").digest()
    assert digest == hashlib.sha256(content).digest()


def test_hash_file_rejects_bad_arguments(side: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(b"x")
    with pytest.raises(FileNotFoundError):
        side.hash_file(str(tmp_path / "missing"), "no-such-algorithm")
    with pytest.raises(IsADirectoryError):
        side.hash_file(str(tmp_path), "sha256")
    with pytest.raises(ValueError, match="no-such"):
        side.hash_file(str(path), "no-such-algorithm")
    with pytest.raises(TypeError):
        side.hash_file(str(path), None)


def test_a_fifo_is_read_to_its_end(side: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"content",))
    writer.start()
    digest = side.hash_file(str(path), "sha256").digest()
    writer.join()
    assert digest == hashlib.sha256(b"content").digest()


def test_a_fifo_has_no_last_lines_and_is_opened_once(side: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: os.close(os.open(path, os.O_WRONLY)))
    writer.start()
    with pytest.raises(RuntimeError, match="fifo"):
        side.read_last_n_lines(str(path), 1)
    writer.join()


def test_devices_have_no_last_lines(side: SimpleNamespace) -> None:
    assert side.read_last_n_lines("/dev/null", 1) == []
    assert side.hash_file("/dev/null", "md5").digest() == hashlib.md5().digest()


@on_linux
def test_hashing_can_be_interrupted(side: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(2**36)
    timer = threading.Timer(0.1, signal.raise_signal, (signal.SIGINT,))
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)

    def hash_() -> None:
        timer.start()
        side.hash_file(str(path), "sha256")

    try:
        with pytest.raises(KeyboardInterrupt):
            hash_()
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, previous)


@on_linux
def test_each_directory_entry_counts_as_five(side: SimpleNamespace, tmp_path: Path) -> None:
    assert side.estimate_fd_for_directory(str(tmp_path)) == 0
    for name in (".hidden", "plain", "ünïcode", os.fsdecode(b"\xff")):
        (tmp_path / name).mkdir()
    assert side.estimate_fd_for_directory(str(tmp_path)) == 20
    assert side.estimate_fd_for_directory(str(tmp_path / "ünïcode")) == 0
    assert side.estimate_fd_for_directory(str(tmp_path / os.fsdecode(b"\xff"))) == 0
    assert side.estimate_fd_for_directory(tmp_path) == 20
    assert side.estimate_fd_for_directory(os.fsencode(tmp_path)) == 20


def test_estimate_fd_for_directory_rejects_bad_paths(side: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileNotFoundError):
        side.estimate_fd_for_directory(str(tmp_path / "missing"))
    with pytest.raises(NotADirectoryError):
        side.estimate_fd_for_directory(str(tmp_path / "file"))
    with pytest.raises(ValueError, match="null"):
        side.estimate_fd_for_directory("a\0b")
