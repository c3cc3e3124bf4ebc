"""LibCST nodes: their children in source order, dotted names, and string constants."""

from __future__ import annotations

from dataclasses import fields

import libcst as cst

# Only where the order of the fields is not the order of the source.
_ORDER: dict[type[cst.CSTNode], tuple[str, ...]] = {
    cst.Arg: ("keyword", "value"),
    cst.ClassDef: ("decorators", "name", "type_parameters", "bases", "keywords", "body"),
    cst.ExceptHandler: ("type", "name", "body"),
    cst.ExceptStarHandler: ("type", "name", "body"),
    cst.FunctionDef: ("decorators", "name", "type_parameters", "params", "returns", "body"),
    cst.IfExp: ("body", "test", "orelse"),
    cst.ImportFrom: ("module", "names"),
    cst.MatchCase: ("pattern", "guard", "body"),
    cst.Parameters: (
        "posonly_params",
        "params",
        "star_arg",
        "kwonly_params",
        "star_kwarg",
    ),
    cst.TypeAlias: ("name", "type_parameters", "value"),
    cst.TypeParam: ("param", "default"),
}
_LAYOUT = (
    cst.BaseParenthesizableWhitespace,
    cst.TrailingWhitespace,
    cst.EmptyLine,
    cst.Comment,
    cst.Newline,
    cst.LeftParen,
    cst.RightParen,
    cst.LeftSquareBracket,
    cst.RightSquareBracket,
    cst.LeftCurlyBrace,
    cst.RightCurlyBrace,
    cst.Comma,
    cst.Semicolon,
    cst.Colon,
    cst.Dot,
    cst.AssignEqual,
    cst.BaseUnaryOp,
    cst.BaseBinaryOp,
    cst.BaseBooleanOp,
    cst.BaseCompOp,
    cst.BaseAugOp,
)
_LAYOUT_FIELDS = frozenset(
    {
        "lpar",
        "rpar",
        "lbracket",
        "rbracket",
        "lbrace",
        "rbrace",
        "comma",
        "semicolon",
        "equal",
        "operator",
        "dot",
        "colon",
        "leading_lines",
        "lines_after_decorators",
        "header",
        "footer",
        "empty_lines",
        "indent",
        "relative",
        "asynchronous",
        "posonly_ind",
        "async_keyword",
    }
)
_children: dict[type[cst.CSTNode], tuple[str, ...]] = {}


def child_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """Names of the fields that may hold code, in source order."""
    found = _children.get(kind)
    if found is None:
        found = _children[kind] = _ORDER.get(kind) or _code_fields(kind)
    return found


def _code_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    if issubclass(kind, _LAYOUT):
        return ()
    names = (field.name for field in fields(kind))
    return tuple(n for n in names if n not in _LAYOUT_FIELDS and "whitespace" not in n)


def chain(node: cst.BaseExpression) -> tuple[cst.BaseExpression, list[cst.Name]]:
    """Split ``a.b.c`` into its innermost expression and the attributes read from it."""
    attributes: list[cst.Name] = []
    while isinstance(node, cst.Attribute):
        attributes.append(node.attr)
        node = node.value
    attributes.reverse()
    return node, attributes


def dotted(node: cst.BaseExpression) -> list[cst.Name]:
    """The names of a dotted name as it stands in an import."""
    root, attributes = chain(node)
    return [root, *attributes] if isinstance(root, cst.Name) else attributes


def constant(node: cst.BaseExpression) -> str | None:
    """The value of a string constant, also of adjacent ones; None for anything else."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None
