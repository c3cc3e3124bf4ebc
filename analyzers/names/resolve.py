"""Resolve recorded uses of names to references to the functions of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.analyzers.model import ReferenceKind
from workbench.analyzers.names.binder import RECEIVERS
from workbench.analyzers.names.bindings import Binding, Dynamic, How, NameContext, Scope, Token, Use
from workbench.analyzers.names.scan import Scan
from workbench.analyzers.names.scopes import ScopeKind, lookup, outside
from workbench.analyzers.rules import Hit, Rule, RuleIndex

_CONTEXT_REASONS = {
    NameContext.STORE: "assigned here: code that uses the new name would not see the change",
    NameContext.DELETE: "deleted here",
    NameContext.NAMED: "referenced in a string",
    NameContext.LOOKED_UP: "referenced in a string",
    NameContext.QUOTED: "referenced in a string annotation",
}
_NOT_EXACT = "spelled with other characters that Python normalises to this name"


@dataclass(eq=False)
class ResolvedUse:
    """A reference that has no position yet, with any reasons not to rewrite it."""

    rule: Rule
    kind: ReferenceKind
    token: Token
    target: str
    """The variable that is read or replaced, usually the rule's old name."""
    reasons: list[str] = field(default_factory=list)
    use: Use | None = None
    depth: int = 0
    """Number of attributes of the use that are part of the qualified name."""
    bindings: tuple[Binding, ...] = ()
    """The import bindings that the use resolves to, or the one that is the reference."""
    note: str = ""
    """A note for the user about a reference that is rewritten."""
    kept: bool = False
    """Whether the user suppressed or declined the rewrite; the reasons are then the user's."""

    @property
    def patches(self) -> bool:
        """Whether the code replaces or changes the function at run time."""
        context = self.use.context if self.use is not None else None
        return context in (NameContext.STORE, NameContext.DELETE, NameContext.NAMED)


@dataclass(frozen=True)
class _Meaning:
    """What one binding gives a name; the path is None if it is not of interest."""

    path: str | None
    binding: Binding
    doubt: str = ""


class Resolver:
    """A resolver of the names of one file."""

    def __init__(self, scan: Scan, rules: RuleIndex) -> None:
        self._scan = scan
        self._rules = rules
        self.unknown: set[str] = set()
        """Qualified names that end like a rule's name and may turn out to be re-exports."""

    def references(self) -> list[ResolvedUse]:
        """Return all references of the file except those in plain strings."""
        names = self._scan.names
        found = [self._use(use) for use in names.uses]
        found += [self._imported(binding) for binding in self._import_bindings()]
        found += [self._dynamic(dynamic) for dynamic in names.dynamics]
        return [reference for reference in found if reference is not None]

    def is_module(self, scope: Scope, name: str) -> str | None:
        """Return the prefix of a rule that a name in a scope certainly refers to, or None."""
        paths = {meaning.path for meaning in self._meanings(scope, name, ())}
        path = paths.pop() if len(paths) == 1 else None
        return path if path in self._rules.prefixes else None

    # -- uses -----------------------------------------------------------------------------------

    def _use(self, use: Use) -> ResolvedUse | None:
        meanings = self._meanings(use.scope, use.name, (), use.root.start)
        matches = [(meaning, self._match(meaning, use)) for meaning in meanings]
        hit = next((match for _, match in matches if match is not None), None)
        if hit is None:
            certain = [m.binding.token.start for m in meanings if not _is_conditional(m.binding)]
            star = self._from_star(use, after=max(certain, default=-1))
            return star or (self._through_attribute(use) if certain else None)
        rule, depth, target = hit
        reasons = [_CONTEXT_REASONS[use.context]] if use.context in _CONTEXT_REASONS else []
        whole = depth == len(use.attributes)
        if use.shown and depth:
            reasons.append("the string shows the source text of the expression")
        if not all(token.is_exact for token in (use.root, *use.tokens[:depth])):
            reasons.append(_NOT_EXACT)
        if not whole and use.context in (NameContext.STORE, NameContext.DELETE):
            reasons = ["an attribute of the function is changed"]
        elif not whole:
            # A native function has no `cache_clear`, `__wrapped__` or `__code__`.
            reasons.append("an attribute of the function is read")
        for meaning, match in matches:
            doubt = meaning.doubt or self._declared_elsewhere(meaning, depth)
            if match is None or match.rule != rule:
                doubt = self._also_bound(meaning.binding)
            if doubt and doubt not in reasons:
                reasons.append(doubt)
        imported = tuple(m.binding for m, match in matches if match is not None)
        return ResolvedUse(rule, _kind(use, whole), use.root, target, reasons, use, depth, imported)

    def _match(self, meaning: _Meaning, use: Use) -> Hit | None:
        if meaning.path is None:
            return None
        match = self._rules.find(meaning.path, use.attributes)
        if match is None:
            self._note(meaning.path, use.attributes)
        return match

    def _note(self, path: str, attributes: tuple[str, ...]) -> None:
        """Record a name that may turn out to be a re-export in another file."""
        parts = [path, *attributes]
        for count in range(len(parts)):
            last = parts[count].rpartition(".")[2]
            if last in self._rules.heads:
                self.unknown.add(".".join(parts[: count + 1]))

    def _from_star(self, use: Use, after: int) -> ResolvedUse | None:
        """Resolve a module-level name through a star import after its last certain binding."""
        scope = lookup(use.scope, use.name)
        if scope is not None and scope.kind is not ScopeKind.MODULE:
            return None
        for star in (star for star in self._scan.names.stars if star.start > after):
            hit = self._rules.find(f"{star.origin}.{use.name}", use.attributes)
            if hit is not None:
                kind = _kind(use, hit.depth == len(use.attributes))
                reasons = [f"may come from the star import of {star.origin}"]
                return ResolvedUse(hit.rule, kind, use.root, hit.target, reasons, use, hit.depth)
            self._note(f"{star.origin}.{use.name}", use.attributes)
        return None

    def _through_attribute(self, use: Use) -> ResolvedUse | None:
        """Resolve ``self.name.function`` if the class sets ``self.name`` to a module."""
        owner = _class_of(use.scope)
        if use.name not in RECEIVERS or owner is None or not use.attributes:
            return None
        name, *rest = use.attributes
        for held in self._scan.names.held:
            if (held.token.value, held.name) == (name, use.name) and _class_of(held.scope) is owner:
                binding = Binding(name, How.ASSIGNED, held.token, value=held.value)
                found = self._attribute(use, binding, rest)
                if found is not None:
                    return found
        bindings = owner.bindings.get(name, ())
        return next(filter(None, (self._attribute(use, b, rest) for b in bindings)), None)

    def _attribute(self, use: Use, binding: Binding, rest: list[str]) -> ResolvedUse | None:
        path = self._module_path(self._meaning(binding, ()).path)
        hit = self._rules.find(path, tuple(rest)) if path is not None else None
        if hit is None:
            return None
        line, _ = self._scan.source.position(binding.token.start)
        reasons = [f"`{use.name}.{binding.name}` is set to {path} on line {line}"]
        kind = _kind(use, hit.depth == len(rest))
        return ResolvedUse(hit.rule, kind, use.root, hit.target, reasons, use, hit.depth + 1)

    def _dynamic(self, dynamic: Dynamic) -> ResolvedUse | None:
        hit = self._rules.find(dynamic.origin, dynamic.attributes)
        if hit is None:
            return None
        kind = ReferenceKind.STRING if dynamic.by_string else ReferenceKind.REFERENCE
        reasons = [f"{dynamic.origin} is imported dynamically"]
        return ResolvedUse(hit.rule, kind, dynamic.token, hit.target, reasons)

    def _declared_elsewhere(self, meaning: _Meaning, depth: int) -> str:
        if not meaning.binding.declared or not depth:
            return ""
        return f"`{meaning.binding.name}` is imported in another scope through `global`"

    def _also_bound(self, binding: Binding) -> str:
        line, _ = self._scan.source.position(binding.token.start)
        how = "deleted" if binding.how is How.DELETED else "also bound"
        return f"`{binding.name}` is {how} on line {line}"

    # -- imports --------------------------------------------------------------------------------

    def _import_bindings(self) -> Iterator[Binding]:
        for scope in self._scan.names.module.walk():
            for bindings in scope.bindings.values():
                yield from (b for b in bindings if b.how is How.IMPORT and b.origin is not None)

    def _imported(self, binding: Binding) -> ResolvedUse | None:
        """Resolve ``from module import function``."""
        hit = self._rules.find(binding.origin or "", ())
        if hit is None:
            if binding.origin is not None:
                self._note(binding.origin, ())
            return None
        assert binding.site is not None
        name = binding.site.name
        scope = lookup(binding.site.scope, binding.name)
        others = scope.bindings[binding.name] if scope is not None else []
        doubts = [self._also_bound(other) for other in others if other.origin != binding.origin]
        if not (name.is_exact and binding.token.is_exact):
            doubts.append(_NOT_EXACT)
        reasons = [doubt for doubt in dict.fromkeys((_lazy(binding), *doubts)) if doubt]
        return ResolvedUse(
            hit.rule, ReferenceKind.IMPORT, name, hit.target, reasons, bindings=(binding,)
        )

    # -- bindings -------------------------------------------------------------------------------

    def _meanings(
        self, scope: Scope, name: str, seen: tuple[Binding, ...], at: int = 0
    ) -> list[_Meaning]:
        """Return what a name may refer to in a scope, one entry per binding; empty if unbound.

        ``at`` is the offset of the use: a class body reads names that it binds later from outside.
        """
        owner = lookup(scope, name)
        if owner is None:
            return []
        bindings = list(owner.bindings.get(name, ()))
        if owner.kind is ScopeKind.CLASS and not self._is_certain(bindings, at):
            module = outside(owner, name)
            bindings += module.bindings[name] if module is not None else []
        return [self._meaning(binding, seen) for binding in bindings if binding not in seen]

    def _is_certain(self, bindings: list[Binding], at: int) -> bool:
        """Return whether one unconditional import before ``at`` binds a name in a class."""
        if len(bindings) != 1 or bindings[0].site is None or _is_conditional(bindings[0]):
            return False
        return bindings[0].token.start < at

    def _meaning(self, binding: Binding, seen: tuple[Binding, ...]) -> _Meaning:
        if binding.how is How.IMPORT:
            return _Meaning(binding.origin, binding, _lazy(binding))
        if binding.how is How.DYNAMIC:
            line, _ = self._scan.source.position(binding.token.start)
            doubt = f"`{binding.name}` is imported dynamically on line {line}"
            return _Meaning(self._module_path(binding.origin), binding, doubt)
        if binding.how is How.ASSIGNED and binding.value is not None:
            return self._assigned(binding, binding.value, (*seen, binding))
        return _Meaning(None, binding)

    def _assigned(self, binding: Binding, value: Use, seen: tuple[Binding, ...]) -> _Meaning:
        """Resolve ``name = module``: the name refers to the module, but not for certain."""
        at = value.root.start
        for meaning in self._meanings(value.scope, value.name, seen, at):
            if meaning.path is not None:
                path = self._module_path(".".join((meaning.path, *value.attributes)))
                if path is not None:
                    line, _ = self._scan.source.position(binding.token.start)
                    doubt = f"`{binding.name}` is assigned {path} on line {line}"
                    return _Meaning(path, binding, doubt)
        return _Meaning(None, binding)

    def _module_path(self, path: str | None) -> str | None:
        return path if path in self._rules.prefixes else None


def _class_of(scope: Scope) -> Scope | None:
    """Return the innermost class that contains a scope."""
    current: Scope | None = scope
    while current is not None and current.kind is not ScopeKind.CLASS:
        current = current.parent
    return current


def _is_conditional(binding: Binding) -> bool:
    """Return whether a binding is an import that may not be executed."""
    return binding.site is not None and binding.site.nested


def _lazy(binding: Binding) -> str:
    """Return a doubt about an import that runs on first use of its name (PEP 810), or ''."""
    is_lazy = binding.site is not None and getattr(binding.site.statement, "is_lazy", False)
    return f"`{binding.name}` is imported lazily" if is_lazy else ""


def _kind(use: Use, whole: bool) -> ReferenceKind:
    if use.context in (NameContext.NAMED, NameContext.LOOKED_UP, NameContext.QUOTED):
        return ReferenceKind.STRING
    return (
        ReferenceKind.CALL if use.context is NameContext.CALL and whole else ReferenceKind.REFERENCE
    )
