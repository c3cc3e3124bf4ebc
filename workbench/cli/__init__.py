"""The command line: parse arguments, call one function of the public API, print its result.

Imports are inside functions, so that import errors are reported like other errors.
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

    Without ``arguments``, use those of the process, which must end afterwards. Raises nothing.
    """
    given = tuple(sys.argv[1:] if arguments is None else arguments)
    with standard_streams():
        try:
            status = _run(list(given))
            sys.stdout.flush()
        except BaseException as error:  # a panic in native code is not an Exception
            if arguments is None:
                _end_at_once_if_interrupted()
            try:
                status = _report(error, debug=_wants_traceback(given))
            except Exception:  # such as running out of memory again
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
    # An error may come before the options are parsed.
    return "--debug" in arguments or os.environ.get("WORKBENCH_DEBUG", "0") not in {"", "0"}


def _end_at_once_if_interrupted() -> None:
    """Avoid a traceback if a second interrupt arrives while the interpreter exits."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _report(error: BaseException, *, debug: bool) -> int:
    """Report in one line what ended the command, and return its exit code."""
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
    error.__traceback__ = None  # frees the objects in its frames; memory may be short
    if isinstance(error, MemoryError):
        return _fail("error: out of memory", INCOMPLETE)
    advice = "please report it" if debug else "please report it (traceback with --debug)"
    return _fail(f"internal error: {_named(error)}; {advice}", INCOMPLETE)


def _named(error: BaseException) -> str:
    """Return an exception's type and message, as in tracebacks, in one short line."""
    try:
        message = " ".join(str(error).split())
    except Exception:  # its __str__ may fail
        message = ""
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[: _LONGEST_MESSAGE - 1]}…"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _fail(message: str, status: int) -> int:
    line = " ".join(message.split())
    with suppress(ImportError):  # the message may be about this import
        from workbench.formatting.terminal import visible_path

        line = visible_path(line)
    print(f"workbench: {line}", file=sys.stderr)
    return status
