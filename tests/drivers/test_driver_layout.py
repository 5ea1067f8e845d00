"""All drivers are laid out alike: the same names for the same modules, and one order of hooks and declarations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from deltacloud.driver import Driver
from deltacloud.hookspecs import ComputeSpec, StorageSpec

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(
    path.parent
    for pattern in ("plugins/*/src/*/driver.py", "docs/examples/*/src/*/driver.py")
    for path in ROOT.glob(pattern)
)
HOOKS = [name for spec in (ComputeSpec, StorageSpec) for name in vars(spec) if not name.startswith("_")]
"""In the contract's order."""
DECLARATIONS = list(Driver.__annotations__)

FIRST_HOOKS = {
    "realms": "list_providers",
    "hardware_profiles": "list_hardware_profiles",
    "images": "list_images",
    "instances": "list_instances",
    "keys": "list_keys",
    "firewalls": "list_firewalls",
    "addresses": "list_addresses",
    "load_balancers": "list_load_balancers",
    "metrics": "list_metrics",
    "networks": "list_networks",
    "network_interfaces": "list_network_interfaces",
    "volumes": "list_storage_volumes",
    "buckets": "list_buckets",
    "blobs": "list_blobs",
}
"""Modules, and the first of the hooks that may stand there."""
SEVERAL = {
    "compute": ("realms", "hardware_profiles", "images", "instances", "keys", "metrics"),
    "networking": ("firewalls", "addresses", "load_balancers", "networks", "network_interfaces"),
    "networks": ("networks", "network_interfaces"),
    "storage": ("buckets", "blobs"),
    "driver": tuple(FIRST_HOOKS),
}
"""Modules for the hooks of several of these."""


def allowed_in(module: str) -> set[str]:
    """The hooks that may stand in a module."""
    starts = [HOOKS.index(hook) for hook in FIRST_HOOKS.values()]
    ends = [*starts[1:], len(HOOKS)]
    own = {name: HOOKS[start:end] for name, start, end in zip(FIRST_HOOKS, starts, ends, strict=True)}
    found = {hook for subject in SEVERAL.get(module, (module,)) for hook in own.get(subject, ())} - {"translate_error"}
    return found | ({"translate_error"} if module in {"base", "driver"} else set())


def classes(package: Path) -> Iterator[tuple[Path, ast.ClassDef]]:
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield path, node


def methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [one for one in node.body if isinstance(one, ast.FunctionDef)]


def is_hook(method: ast.FunctionDef) -> bool:
    """Whether this is a hook; a client's methods may be called like hooks, and are handed no context."""
    arguments = [one.arg for one in method.args.args]
    return method.name in HOOKS and arguments[1:2] in (["context"], ["error"])


def named(path: Path, node: ast.ClassDef) -> str:
    return f"{path.relative_to(ROOT)}: {node.name}"


@pytest.fixture(name="package", params=PACKAGES, ids=lambda package: package.name)
def package_fixture(request: pytest.FixtureRequest) -> Path:
    package: Path = request.param
    return package


def test_every_driver_is_looked_at() -> None:
    assert {"deltacloud_azure", "deltacloud_ec2", "deltacloud_mock", "deltacloud_pine"} <= {
        one.name for one in PACKAGES
    }


def test_hooks_stand_in_the_modules_of_their_subjects(package: Path) -> None:
    misplaced = [
        f"{named(path, node)}.{method.name}"
        for path, node in classes(package)
        for method in methods(node)
        if is_hook(method) and method.name not in allowed_in(path.stem)
    ]
    assert misplaced == []


def test_classes_with_hooks_say_so(package: Path) -> None:
    ending = ("Hooks", "Base", "Driver")
    holding = [named(path, node) for path, node in classes(package) if any(map(is_hook, methods(node)))]
    assert [one for one in holding if not one.endswith(ending)] == []


def test_hooks_stand_in_the_order_of_the_contract_and_helpers_after_them(package: Path) -> None:
    for path, node in classes(package):
        names = [one.name for one in methods(node) if not one.name.startswith("__")]
        hooks = [one.name for one in methods(node) if is_hook(one)]
        assert hooks == sorted(hooks, key=HOOKS.index), named(path, node)
        if hooks:
            helpers = [name for name in names if name.startswith("_")]
            others = [name for name in names if name not in (*hooks, *helpers)]
            assert names == [*others, *hooks, *helpers], named(path, node)


def test_declarations_stand_in_one_order(package: Path) -> None:
    drivers = [node for path, node in classes(package) if path.stem == "driver" and node.name.endswith("Driver")]
    assert drivers
    for node in drivers:
        targets = [
            target.id
            for one in node.body
            for target in (one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)])
            if isinstance(target, ast.Name)
        ]
        declared = [name for name in targets if name in DECLARATIONS]
        assert declared[:3] == ["name", "title", "contract"]
        assert targets == sorted(declared, key=DECLARATIONS.index) + [one for one in targets if one.startswith("_")]


def test_settings_stand_in_settings(package: Path) -> None:
    elsewhere = [
        named(path, node)
        for path, node in classes(package)
        if path.stem != "settings" and any(ast.unparse(base).endswith("Settings") for base in node.bases)
    ]
    assert elsewhere == []


def test_one_thing_has_one_name(package: Path) -> None:
    modules = {path.stem for path in package.rglob("*.py")}
    assert modules.isdisjoint({"clients", "installations", "places"})
    for path in package.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        defined = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
        defined |= {ast.unparse(target) for one in tree.body if isinstance(one, ast.Assign) for target in one.targets}
        assert "translate" in defined or path.stem != "errors", path
        assert "PROVIDERS" not in defined or path.stem == "endpoints", path
