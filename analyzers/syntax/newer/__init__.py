"""Parse syntax that is newer than the running Python."""

from __future__ import annotations

import ast
import warnings

import libcst as cst

from workbench.analyzers.syntax.newer.statements import Statements


def parse(code: str) -> ast.Module:
    """Parse code that may use newer syntax, as `ast.parse` of a newer Python does.

    Differences: strings with fields contain no text except ``name=`` before a field that shows it,
    and ``type_params`` is always an attribute, even if it is not a field. Raises SyntaxError if
    LibCST cannot parse the code.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in strings
            module = cst.parse_module(code)
            return ast.Module(body=Statements(code, module).block(module.body), type_ignores=[])
    except cst.ParserSyntaxError as error:
        raise SyntaxError(" ".join(error.message.split())) from None
    except (cst.CSTLogicError, ValueError) as error:
        # Literals that LibCST parses but cannot join, or that Python cannot evaluate.
        raise SyntaxError(" ".join(str(error).split())) from None
