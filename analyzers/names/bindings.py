"""The bindings and uses of names that the binder records."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import Enum

from workbench.analyzers.names.scopes import Scope as GenericScope


@dataclass(eq=False)
class Token:
    """A name and its position; for a name in a string annotation, the string's position."""

    value: str
    start: int
    """Offset in code points."""
    is_exact: bool = True
    """Whether the text has exactly this spelling; Python normalises names (PEP 3131)."""


class How(Enum):
    """How a binding gives its name a value."""

    IMPORT = "import"
    ASSIGNED = "assigned"
    """Assigned from another name, which is the ``value`` of the binding."""
    DYNAMIC = "imported dynamically"
    OTHER = "bound"
    DELETED = "deleted"


class NameContext(Enum):
    """What the code does with a name."""

    LOAD = "load"
    CALL = "call"
    STORE = "store"
    DELETE = "delete"
    NAMED = "named by a string"
    """The last part is a string constant: ``getattr(module, "name")``."""
    LOOKED_UP = "looked up by a string"
    """The same, in code that is known to only read the attribute."""
    QUOTED = "quoted"
    """The whole expression is inside a string annotation."""


@dataclass(eq=False)
class ImportSite:
    """One alias of one import statement."""

    statement: ast.Import | ast.ImportFrom
    start: int
    """Start of the statement in code points."""
    end: int
    """End of the statement in code points."""
    number: int
    """Index of the alias in the statement."""
    name: Token
    """The imported name; for a dotted name, its first part."""
    scope: Scope
    nested: bool
    """Whether it is inside another statement of its scope and so may not be executed."""


@dataclass(eq=False)
class Binding:
    """One binding of a name."""

    name: str
    how: How
    token: Token
    origin: str | None = None
    """Qualified name of the bound object, if an import gives it."""
    covers: str = ""
    """For ``import a.b.c``, the full ``a.b.c``; the origin of ``a`` is only ``a``."""
    site: ImportSite | None = None
    value: Use | None = None
    declared: bool = False
    """Whether another scope binds the name through ``global`` or ``nonlocal``."""


Scope = GenericScope[Binding]


@dataclass(eq=False)
class Use:
    """``name.attribute.attribute`` in the code of ``scope``."""

    scope: Scope
    root: Token
    attributes: tuple[str, ...]
    context: NameContext
    tokens: tuple[Token, ...] = ()
    """Tokens of the attributes; fewer than ``attributes`` if a string names the last one."""
    shown: bool = False
    """Whether it is in a template or an f-string field with ``=``, which show the source text."""

    @property
    def name(self) -> str:
        """The root name."""
        return self.root.value


@dataclass(eq=False)
class Star:
    """``from origin import *``."""

    origin: str
    start: int
    """Start of the statement in code points."""


@dataclass(eq=False)
class Dynamic:
    """An attribute of a module that an expression imports: ``import_module("m").name``."""

    origin: str
    attributes: tuple[str, ...]
    token: Token
    by_string: bool = False
    """Whether a string names the attribute."""


@dataclass(eq=False)
class Held:
    """``name.attribute = value``, where the value is a (dotted) name."""

    scope: Scope
    name: str
    token: Token
    """The name of the attribute."""
    value: Use


@dataclass
class Names:
    """All recorded bindings and uses of the names of interest in one file."""

    module: Scope
    stars: list[Star] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    dynamics: list[Dynamic] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    demanded: set[str] = field(default_factory=set)
    """Names that must also be of interest to resolve the recorded uses."""
