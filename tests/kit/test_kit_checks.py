"""The checks as a whole: their names are stable and unique, and what they refer to is there."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from deltacloud.features import KNOWN
from deltacloud.kernel import HOOKS
from deltacloud.testing import Backend
from deltacloud.testing.check import GUIDE, REFERENCE, Check
from deltacloud.testing.checks import CHECKS
from deltacloud.testing.resources import RESOURCES

pytestmark = pytest.mark.thorough

DOCUMENTS = Path(__file__).parents[2] / "docs"
PAGES = {GUIDE: "driver.md", REFERENCE: "contract*.md"}
LATER_HOOKS = {"list_providers", "translate_error", "inspect_account"}
"""Hooks that checks meet in passing: what they do shows in other hooks' answers."""


def test_every_check_has_a_name_of_its_own() -> None:
    names = [check.name for check in CHECKS]
    assert [name for name in names if names.count(name) > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z_]+(\.[a-z_-]+)+", name)] == []


@pytest.mark.parametrize("check", {check.page: check for check in CHECKS}.values(), ids=lambda one: one.name)
def test_what_explains_a_check_is_a_heading_of_its_page(check: Check) -> None:
    page, heading = check.page
    texts = [path.read_text("utf-8") for path in DOCUMENTS.glob(PAGES[page])]
    assert len([text for text in texts if re.search(rf"^##+ {re.escape(heading)}$", text, re.MULTILINE)]) == 1


def test_checks_refer_to_hooks_features_and_attributes_that_there_are() -> None:
    attributes = {field.name for field in fields(Backend)}
    possible = HOOKS | {resource.destroy_hook for resource in RESOURCES.values()}
    assert [check.name for check in CHECKS if not set(check.hooks) <= possible] == []
    assert [check.name for check in CHECKS if check.feature and check.feature not in KNOWN] == []
    assert [check.name for check in CHECKS if not set(check.wants) <= attributes] == []


def test_every_feature_has_a_check() -> None:
    checked = {check.feature for check in CHECKS} | {"hardware_profiles"}
    assert "instances.overrides" in [check.name for check in CHECKS]  # the feature that nobody declares
    assert sorted(set(KNOWN) - checked) == []


def test_every_hook_is_called_by_some_check() -> None:
    sources = "".join(path.read_text("utf-8") for path in _sources())
    generic = {
        hook for one in RESOURCES.values() for hook in (one.list_hook, one.get_hook, one.create_hook, one.destroy_hook)
    }
    actions = {f"{action}_instance" for action in ("start", "stop", "reboot", "destroy")}
    assert sorted(hook for hook in HOOKS - generic - actions - LATER_HOOKS if f'"{hook}"' not in sources) == []


def test_every_attribute_of_a_backend_is_used_and_explained() -> None:
    sources = "".join(path.read_text("utf-8") for path in _sources())
    names = [field.name for field in fields(Backend)]
    assert [name for name in names if not re.search(rf'backend\.{name}\b|need\("{name}"\)|"{name}"', sources)] == []
    assert [name for name in names if f"        {name}: " not in (Backend.__doc__ or "")] == []


def _sources() -> list[Path]:
    folder = Path(__file__).parents[2] / "core" / "src" / "deltacloud" / "testing"
    return [path for path in folder.rglob("*.py") if path.name != "backend.py"]
