"""The page about the contract's tests has every check, every option and every profile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deltacloud.testing.check import GUIDE, REFERENCE, Check
from deltacloud.testing.checks import CHECKS
from deltacloud.testing.profiles import MIB, PROFILES, Profile
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import MARK

DOCUMENTS = Path(__file__).parents[2] / "docs"
PAGE = (DOCUMENTS / "testing.md").read_text("utf-8")
PAGES = {GUIDE: "driver.md", REFERENCE: "contract*.md"}
REPEATED = 4
"""Checks that as many collections share stand in one row for all of them."""


def check_rows() -> Iterator[str]:
    """Rows of the table of checks, in the order in which they are made."""
    shared: dict[tuple[str, str], list[Check]] = {}
    for check in CHECKS:
        shared.setdefault((check.name.partition(".")[2], check.asks), []).append(check)
    for (aspect, _), checks in shared.items():
        if len(checks) >= REPEATED and all(check.name.partition(".")[0] in RESOURCES for check in checks):
            yield _row(f"COLLECTION.{aspect}", checks[0])
        else:
            yield from (_row(check.name, check) for check in checks)


def _row(name: str, check: Check) -> str:
    page, heading = check.page
    anchor = re.sub(r"[^a-z0-9]+", "-", heading.lower())
    files = [path.name for path in DOCUMENTS.glob(PAGES[page]) if f"# {heading}\n" in path.read_text("utf-8")]
    return f"| `{name}` | {check.asks} | [{heading}]({''.join(files)}#{anchor}) |"


def profile_row(profile: Profile) -> str:
    """A profile as a row of the table of profiles."""
    size = f"{profile.blob_bytes // MIB} MiB"
    return f"| `{profile.name}` | {size} | {profile.deadline:g} s | {profile.examples} | {profile.steps} |"


def test_every_check_is_documented() -> None:
    lines = PAGE.splitlines()
    assert "\n".join(row for row in check_rows() if row not in lines) == ""
    known = set(check_rows())
    assert [line for line in lines if re.match(r"\| `[a-zA-Z_]+\.", line) and line not in known] == []


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda one: one.name)
def test_every_profile_is_documented(profile: Profile) -> None:
    assert profile_row(profile) in PAGE.splitlines()


def test_the_page_names_the_mark_of_what_is_made() -> None:
    assert f"a name that begins with `{MARK}`" in PAGE
