"""The command line: parses, calls one function of the public API, prints.

What the commands need is imported by them, so that an error of an import is reported like others.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from workbench.cli._streams import OutputError, standard_streams
from workbench.errors import INCOMPLETE, WorkbenchError

_INTERRUPTED = 130
_BROKEN_PIPE = 141
_LONGEST_MESSAGE = 500


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; errors are one line on standard error.

    Without ``arguments`` those of the process are used, which ends afterwards. Nothing is raised.
    """
    given = tuple(sys.argv[1:] if arguments is None else arguments)
    with standard_streams():
        try:
            status = _run(list(given))
            sys.stdout.flush()
        except BaseException as error:  # a panic of native code is no Exception
            if arguments is None:
                _end_at_once_if_interrupted()
            try:
                status = _report(error, debug=_wants_traceback(given))
            except Exception:  # such as too little memory even for a message
                status = INCOMPLETE
    return status


def _run(arguments: list[str]) -> int:
    from workbench.cli._root import run

    try:
        os.getcwd()
    except OSError as error:
        raise WorkbenchError(f"cannot use the current directory: {error.strerror}") from error
    return run(arguments)


def _wants_traceback(arguments: Sequence[str]) -> bool:
    # Looked up here too, because an error may come before the options are parsed.
    return "--debug" in arguments or os.environ.get("WORKBENCH_DEBUG", "0") not in {"", "0"}


def _end_at_once_if_interrupted() -> None:
    """Let a second interrupt end the process without a traceback from the interpreter's exit."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _report(error: BaseException, *, debug: bool) -> int:
    """Say in one line what ended the command, and return its exit code."""
    if isinstance(error, KeyboardInterrupt):
        return _fail("error: interrupted", _INTERRUPTED)
    if isinstance(error, WorkbenchError):
        return _fail(f"error: {error}", error.exit_code)
    if isinstance(error, OutputError):
        if error.errno == errno.EPIPE:
            return _BROKEN_PIPE
        return _fail(f"error: cannot write standard output: {error.strerror}", INCOMPLETE)
    if debug:
        import traceback

        traceback.print_exception(error)
    error.__traceback__ = None  # frees what the frames hold, should memory be short
    if isinstance(error, MemoryError):
        return _fail("error: out of memory", INCOMPLETE)
    advice = "please report it" if debug else "please report it (traceback with --debug)"
    return _fail(f"internal error: {_named(error)}; {advice}", INCOMPLETE)


def _named(error: BaseException) -> str:
    """Name an exception as tracebacks do, in one line that is not too long."""
    try:
        message = " ".join(str(error).split())
    except Exception:  # its own code may be what is wrong
        message = ""
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[: _LONGEST_MESSAGE - 1]}…"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _fail(message: str, status: int) -> int:
    line = " ".join(message.split())
    with suppress(ImportError):  # which may be what the message is about
        from workbench.formatting.terminal import visible_path

        line = visible_path(line)
    print(f"workbench: {line}", file=sys.stderr)
    return status
