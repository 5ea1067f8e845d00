"""The kit is just to clouds with ways of their own, and finds what is broken in their drivers as well."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from deltacloud.states import StateMachine
from deltacloud.testing.checks import CHECKS
from deltacloud.testing.life import settled
from deltacloud.testing.profiles import PROFILES
from deltacloud.testing.runner import perform_all
from docexamples import entry_points_of
from mockbackend import mock_backend
from mutants.particular import (
    KeyLost,
    KeyTwice,
    NoImages,
    Particular,
    PrivatePart,
    RuleKept,
    StoppedImages,
    TagsInWords,
)

CHECKED = ("keys.", "firewalls.", "instances.feature.authentication_key", "instances.feature.tags")
NUMBERS = itertools.count(1)


def _verdicts(kind: type[Particular], folder: Path, checked: tuple[str, ...] = CHECKED) -> dict[str, str]:
    """How the checks end that this cloud's ways are about."""
    place = f"{kind.__module__}:{kind.__name__}"
    entry_points_of(folder / "site", kind.name, {"deltacloud.drivers": {kind.name: place}})
    backend = mock_backend(
        folder / "cloud",
        driver=kind.name,
        public_key=lambda: f"ssh-ed25519 AAAA{next(NUMBERS)} contract",
        untold=frozenset({"authentication_key"}),
        launched_with=lambda identifier: kind.launched[identifier],
        tags=(("colour", "light-blue"),),
        patience=0.2,
    )
    checks = [check for check in CHECKS if check.name.startswith(checked)]
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder / "site")
        return {one.check.name: one.verdict for one in perform_all(backend, PROFILES["quick"], checks)}


def _failed(kind: type[Particular], folder: Path) -> list[str]:
    return [name for name, verdict in _verdicts(kind, folder).items() if verdict == "failed"]


def test_a_cloud_that_generates_no_keys_tells_no_key_and_begins_with_rules_can_keep_the_contract(
    tmp_path: Path,
) -> None:
    verdicts = _verdicts(Particular, tmp_path)
    assert [name for name, verdict in verdicts.items() if verdict in ("failed", "not checked")] == []
    passed = {name for name, verdict in verdicts.items() if verdict == "passed"}
    assert {"keys.taken", "keys.feature.import_key", "firewalls.rules", "firewalls.groups"} <= passed
    assert "keys.private" not in passed  # there is nothing private to show


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        (KeyTwice, "keys.taken"),
        (PrivatePart, "keys.feature.import_key"),
        (KeyLost, "instances.feature.authentication_key"),
        (TagsInWords, "instances.feature.tags"),
        (RuleKept, "firewalls.rules.destroy"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_broken_driver_of_such_a_cloud_fails(kind: type[Particular], check: str, tmp_path: Path) -> None:
    assert check in _failed(kind, tmp_path)


def test_a_state_that_offers_something_lasts_although_an_instance_may_fail_or_vanish_by_itself() -> None:
    states = StateMachine(
        ("start", "create", "pending"),
        ("pending", None, "running"),
        ("pending", None, "error"),
        ("running", "stop", "stopping"),
        ("running", None, "error"),
        ("stopping", None, "finish"),
        ("stopped", "start", "running"),
        ("stopped", None, "finish"),
    )
    assert {state for state in states.states if not settled(states, state)} == {"pending", "stopping"}


IMAGES = ("images.create", "images.destroy", "images.models", "images.documents", "images.feature.image_name")


def test_an_image_is_made_of_an_instance_that_shows_that_it_can_be(tmp_path: Path) -> None:
    assert set(_verdicts(StoppedImages, tmp_path, IMAGES).values()) == {"passed"}


def test_where_no_instance_shows_that_an_image_can_be_made_of_it_images_are_not_checked(tmp_path: Path) -> None:
    assert set(_verdicts(NoImages, tmp_path, IMAGES).values()) == {"not checked"}
