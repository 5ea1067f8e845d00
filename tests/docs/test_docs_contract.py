"""The contract reference has everything that a driver can declare, be asked, be told, return and raise."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest
from additions import HEADERS

from deltacloud import CONTRACT, features
from deltacloud.context import Context
from deltacloud.driver import Driver, Settings
from deltacloud.hookspecs import ComputeSpec, StorageSpec
from deltacloud.kernel import HOOKS
from deltacloud.outbound import SdkAccess

DOCUMENTS = Path(__file__).parents[2] / "docs"
PAGE = "\n".join(page.read_text("utf-8") for page in sorted(DOCUMENTS.glob("contract*.md")))
MADE = re.findall(r"^::: (\S+)$", PAGE, re.MULTILINE)
"""What the pages are made of."""
VOCABULARY = ("models", "inputs", "errors", "features", "parameters", "states", "hardware", "blobs", "texts")
PARTS = ("driver", "providers", "context", "secret", "outbound", "ssh")
"""Modules of which the page has those members that a driver needs."""


def test_every_hook_is_there_once() -> None:
    specs = {spec: f"{spec.__module__}.{spec.__qualname__}" for spec in (ComputeSpec, StorageSpec)}
    hooks = {f"{path}.{name}" for spec, path in specs.items() for name in vars(spec) if name in HOOKS}
    assert sorted(one for one in MADE if "Spec." in one) == sorted(hooks)
    assert len(hooks) == len(HOOKS)


def test_the_vocabulary_is_there() -> None:
    assert [name for name in VOCABULARY if f"deltacloud.{name}" not in MADE] == []


def test_the_number_of_the_contract_is_told() -> None:
    assert f"This is contract number {CONTRACT}" in PAGE


@pytest.mark.parametrize("name", VOCABULARY)
def test_every_public_class_and_function_of_the_vocabulary_says_what_it_is(name: str) -> None:
    module = importlib.import_module(f"deltacloud.{name}")
    own = {
        key: value
        for key, value in vars(module).items()
        if not key.startswith("_") and getattr(value, "__module__", None) == module.__name__ and callable(value)
    }
    assert own
    assert [key for key, value in own.items() if not inspect.getdoc(value)] == []


@pytest.mark.parametrize("name", PARTS)
def test_what_the_page_takes_out_of_a_module_exists_and_says_what_it_is(name: str) -> None:
    module = importlib.import_module(f"deltacloud.{name}")
    found = re.search(rf"^::: deltacloud\.{name}\n    options:\n      members: \[(.*)\]$", PAGE, re.MULTILINE)
    assert found
    assert [one for one in found[1].split(", ") if not inspect.getdoc(getattr(module, one))] == []


@pytest.mark.parametrize("kind", [Driver, Settings], ids=lambda kind: kind.__name__)
def test_every_declaration_says_what_it_is(kind: type) -> None:
    tree = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(tree, ast.ClassDef)
    following = [*tree.body[1:], ast.Pass()]
    undocumented = [
        ast.unparse(node.target)
        for node, after in zip(tree.body, following, strict=True)
        if isinstance(node, ast.AnnAssign)
        and not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and after.value.value)
    ]
    assert undocumented == []


@pytest.mark.parametrize("kind", [Context, SdkAccess], ids=lambda kind: kind.__name__)
def test_every_member_of_what_a_driver_is_handed_says_what_it_is(kind: type) -> None:
    described = inspect.getdoc(kind) or ""
    members = [name for name in dir(kind) if not name.startswith("_")]
    assert [
        name for name in members if not inspect.getdoc(getattr(kind, name)) and f"    {name}: " not in described
    ] == []


def test_every_feature_is_the_constant_that_the_page_says() -> None:
    assert [name for name, feature in features.KNOWN.items() if getattr(features, name.upper()) is not feature] == []


def test_the_page_about_compatibility_has_every_header_that_the_original_lacked() -> None:
    text = (DOCUMENTS / "compatibility.md").read_text("utf-8").lower()
    assert [name for name in HEADERS if f"`{name}`" not in text] == []
