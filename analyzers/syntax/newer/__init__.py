"""Read code in a syntax that the running Python may not know."""

from __future__ import annotations

import ast
import warnings

import libcst as cst

from workbench.analyzers.syntax.newer.statements import Statements


def parse(code: str) -> ast.Module:
    """Parse code in a syntax that this Python may not know, as `ast.parse` of a newer one would.

    What differs: strings with fields hold no text but ``name=`` before a field that shows it, and
    ``type_params`` is an attribute also where it is no field. Raises SyntaxError for what
    LibCST does not take.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in strings
            module = cst.parse_module(code)
            return ast.Module(body=Statements(code, module).block(module.body), type_ignores=[])
    except cst.ParserSyntaxError as error:
        raise SyntaxError(" ".join(error.message.split())) from None
    except (cst.CSTLogicError, ValueError) as error:
        # Literals that LibCST reads and refuses to join, or that Python refuses to evaluate.
        raise SyntaxError(" ".join(str(error).split())) from None
