"""What the contract reference needs to be made from the code: docstrings as Markdown, and the fields of structs."""  # noqa: INP001

from __future__ import annotations

import re

import griffe

_ROLE = re.compile(r":[a-z]+:`~?\.?([^`]+)`")
_BLOCK = re.compile(r"::$", re.MULTILINE)


class Markdown(griffe.Extension):
    """Turns the roles and literal blocks of docstrings into Markdown."""

    def on_object(self, *, obj: griffe.Object, **_more: object) -> None:
        """One object, once it is read."""
        if obj.docstring is not None:
            linked = _ROLE.sub(lambda role: _link(obj, role[1]), obj.docstring.value)
            obj.docstring.value = _BLOCK.sub(":", linked)


def _link(obj: griffe.Object, name: str) -> str:
    """A name as code, and as a link where the reference has what it names."""
    try:
        path = name if name.startswith("deltacloud.") else obj.resolve(name)
    except griffe.NameResolutionError:
        path = f"{obj.path}.{name}"
    return f'<autoref optional identifier="{path}">`{name}`</autoref>'


class Structs(griffe.Extension):
    """Gives each ``msgspec.Struct`` the signature that it has at run time."""

    def on_package(self, *, pkg: griffe.Module, **_more: object) -> None:
        """A whole package, once it is read: only then the bases of a class are known."""
        for module in _modules(pkg):
            for kind in module.classes.values():
                if not kind.is_alias and "__init__" not in kind.members and _is_struct(kind):
                    kind.set_member("__init__", _initialiser(kind))


def _modules(module: griffe.Module) -> list[griffe.Module]:
    inner = [one for member in module.modules.values() if not member.is_alias for one in _modules(member)]
    return [module, *inner]


def _lineage(kind: griffe.Class) -> list[griffe.Class]:
    """The class and its bases in the package, the most general first."""
    return [*reversed(kind.mro()), kind]


def _is_struct(kind: griffe.Class) -> bool:
    return any(str(base) == "msgspec.Struct" for one in _lineage(kind) for base in one.bases)


def _initialiser(kind: griffe.Class) -> griffe.Function:
    by_name = str(kind.keywords.get("kw_only")) == "True"
    how = griffe.ParameterKind.keyword_only if by_name else griffe.ParameterKind.positional_or_keyword
    fields = {
        name: griffe.Parameter(name, annotation=one.annotation, kind=how, default=one.value)
        for ancestor in _lineage(kind)
        for name, one in ancestor.attributes.items()
        if one.annotation is not None and "property" not in one.labels and not name.startswith("_")
    }
    itself = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    return griffe.Function("__init__", parent=kind, parameters=griffe.Parameters(itself, *fields.values()))
