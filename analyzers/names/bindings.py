"""What the binder records: how names come to be, and how they are used."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import Enum

from workbench.analyzers.names.scopes import Scope as GenericScope


@dataclass(eq=False)
class Token:
    """A name, and where it stands in the text; for a string annotation where that begins."""

    value: str
    start: int
    """In code points."""
    is_exact: bool = True
    """Whether it stands there letter by letter; Python normalises names (PEP 3131)."""


class How(Enum):
    """How a binding gives its name a value."""

    IMPORT = "import"
    ASSIGNED = "assigned"
    """From another name, which the binding holds as ``value``."""
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
    """The same, where the code certainly only reads the attribute."""
    QUOTED = "quoted"
    """The whole is inside a string annotation."""


@dataclass(eq=False)
class ImportSite:
    """One alias of one import statement."""

    statement: ast.Import | ast.ImportFrom
    start: int
    """Where the statement begins, and ends, in code points."""
    end: int
    number: int
    """Of the alias among those of the statement."""
    name: Token
    """What is imported; of a dotted name the first part."""
    scope: Scope
    nested: bool
    """Inside another statement of its scope, so perhaps not executed."""


@dataclass(eq=False)
class Binding:
    """One place that binds a name."""

    name: str
    how: How
    token: Token
    origin: str | None = None
    """Qualified name of what is bound, as far as an import says so."""
    covers: str = ""
    """For ``import a.b.c``: the whole ``a.b.c``, while the origin of ``a`` is ``a``."""
    site: ImportSite | None = None
    value: Use | None = None
    declared: bool = False
    """Bound from another scope by ``global`` or ``nonlocal``."""


Scope = GenericScope[Binding]


@dataclass(eq=False)
class Use:
    """``name.attribute.attribute`` as it stands in the code of ``scope``."""

    scope: Scope
    root: Token
    attributes: tuple[str, ...]
    context: NameContext
    tokens: tuple[Token, ...] = ()
    """Of the attributes; fewer than ``attributes`` when the last is named by a string."""
    shown: bool = False
    """Inside a template or an f-string field with ``=``, which give away the expression's text."""

    @property
    def name(self) -> str:
        """The name that is looked up."""
        return self.root.value


@dataclass(eq=False)
class Star:
    """``from origin import *``."""

    origin: str
    start: int
    """Where the statement begins."""


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
    """``name.attribute = value``, where the value is a name itself."""

    scope: Scope
    name: str
    token: Token
    """The attribute's name."""
    value: Use


@dataclass
class Names:
    """Everything recorded about the names of interest of one file."""

    module: Scope
    uses: list[Use] = field(default_factory=list)
    imports: list[Binding] = field(default_factory=list)
    stars: list[Star] = field(default_factory=list)
    dynamics: list[Dynamic] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    demanded: set[str] = field(default_factory=set)
    """Names that must be of interest too, for the uses to be understood."""
