"""The kit finds what is broken: each mutation of a sound driver fails the check that is named for it, and no other."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import mutants
from deltacloud.testing import Backend, Variant
from deltacloud.testing.check import Check, Outcome
from deltacloud.testing.checks import CHECKS
from deltacloud.testing.profiles import PROFILES, Profile
from deltacloud.testing.runner import perform_all
from docexamples import entry_points_of
from mockbackend import mock_backend
from mutants import MUTATIONS, Mutation, Sound, contents

pytestmark = pytest.mark.thorough

importlib.import_module("mutanteager")

QUICK = PROFILES["quick"]._replace(deadline=0.3)
IMPORTED: set[str] = set()
"""Modules of drivers whose import is checked: it is the same for all drivers of a module."""


def _backend(kind: type[Sound], storage: Path) -> Backend:
    return mock_backend(
        storage,
        driver=kind.name,
        without_effect=frozenset(),
        launched_with=lambda identifier: Sound.launched[identifier],
        lossy=Variant(settings={"lose": True}),
        imports=frozenset({"deltacloud_mock", "mutants"}),
        patience=0.2,
    )


def _outcomes(
    kind: type[Sound], folder: Path, profile: Profile = QUICK, wanted: Sequence[Check] = CHECKS
) -> list[Outcome]:
    """How checks of a driver end that can be found as if a distribution had brought it."""
    place = f"{kind.__module__}:{kind.__name__}"
    entry_points_of(folder / "site", kind.name, {"deltacloud.drivers": {kind.name: place}})
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder / "site")
        checks = [check for check in wanted if check.name != "driver.imports" or kind.__module__ not in IMPORTED]
        IMPORTED.add(kind.__module__)
        return list(perform_all(_backend(kind, folder / "cloud"), profile, checks))


def _failed(outcomes: list[Outcome]) -> dict[str, str]:
    return {one.check.name: one.detail for one in outcomes if one.verdict == "failed"}


def test_a_sound_driver_passes(tmp_path: Path) -> None:
    outcomes = _outcomes(Sound, tmp_path)
    assert _failed(outcomes) == {}
    assert [one.check.name for one in outcomes if one.verdict == "not checked"] == ["backend.certificates"]


def test_what_leans_on_an_instance_waits_until_its_state_lasts(tmp_path: Path) -> None:
    entry_points_of(tmp_path / "site", "settling", {"deltacloud.drivers": {"settling": "mutants.settling:Settling"}})
    backend = mock_backend(tmp_path / "cloud", driver="settling")
    slow = replace(backend, settings={**backend.settings, "transition-seconds": 0.4})
    wanted = ("images.models", "images.create", "images.documents", "instances.documents")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path / "site")
        checks = [check for check in CHECKS if check.name in wanted]
        outcomes = list(perform_all(slow, PROFILES["quick"], checks))
    assert {one.check.name: one.verdict for one in outcomes} == dict.fromkeys(wanted, "passed")


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda one: one.name)
@pytest.mark.parametrize("kind", [Sound, contents.HeldWhole, contents.ReadWhole, contents.ReadAhead])
def test_who_holds_a_content_is_found_whatever_the_size(kind: type[Sound], profile: Profile, tmp_path: Path) -> None:
    (outcome,) = _outcomes(kind, tmp_path, profile, [one for one in CHECKS if one.name == "blobs.streamed"])
    assert outcome.verdict == ("passed" if kind is Sound else "failed")
    assert kind in (Sound, contents.ReadWhole) or "of memory" in outcome.detail


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.kind.__name__)
def test_a_broken_driver_fails_the_check_that_is_named_for_it(mutation: Mutation, tmp_path: Path) -> None:
    failed = _failed(_outcomes(mutation.kind, tmp_path))
    assert mutation.fails in failed
    expected = (mutation.fails, *mutation.also)
    others = {name: told for name, told in failed.items() if not any(fnmatchcase(name, one) for one in expected)}
    assert others == {}


def test_every_mutation_names_checks_that_there_are() -> None:
    names = [check.name for check in CHECKS]
    patterns = [pattern for one in MUTATIONS for pattern in (one.fails, *one.also)]
    assert [one for one in patterns if not any(fnmatchcase(name, one) for name in names)] == []
    assert len(MUTATIONS) == len({one.kind.name for one in MUTATIONS}) >= 35
    assert mutants.__doc__
