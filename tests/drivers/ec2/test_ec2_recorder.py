"""The record of operations finds what nobody asked for, in whole runs of however many processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from awscloud import recorder
from awscloud.operations import OPERATIONS

ALL: list[dict[str, Any]] = [{"asked": name, "wrong": ""} for name in sorted(OPERATIONS)]
FILES = {"files": [str(path) for folder in recorder.FOLDERS for path in folder.glob("test_*.py")]}


def _written(folder: Path, *processes: list[dict[str, Any]]) -> Path:
    for number, notes in enumerate(processes):
        (folder / f"{number}.jsonl").write_text("".join(json.dumps(note) + "\n" for note in notes), encoding="utf-8")
    return folder


@pytest.mark.doubles
def test_what_no_process_asked_for_is_missed(tmp_path: Path) -> None:
    half = len(ALL) // 2
    folder = _written(tmp_path, [FILES, *ALL[:half]], [FILES, *ALL[half + 1 :]])
    assert recorder.faults(folder, passed=True) == [f"no test makes a driver ask for {ALL[half]['asked']}"]


def test_nothing_is_missed_when_all_was_asked_for_by_some_process(tmp_path: Path) -> None:
    half = len(ALL) // 2
    assert recorder.faults(_written(tmp_path, [FILES, *ALL[:half]], [*ALL[half:], *ALL[:3]]), passed=True) == []


@pytest.mark.parametrize(
    ("notes", "passed"),
    [([FILES], False), ([FILES, {"partial": True}], True), ([{"files": FILES["files"][1:]}], True), ([], True)],
    ids=["some failed", "some were deselected", "a file is missing", "none ran"],
)
def test_nothing_is_missed_in_a_run_of_some_tests(tmp_path: Path, notes: list[dict[str, Any]], passed: bool) -> None:
    assert recorder.faults(_written(tmp_path, notes), passed=passed) == []


def test_what_the_table_does_not_know_and_what_the_model_refuses_is_told_of_any_run(tmp_path: Path) -> None:
    notes = [{"asked": "ec2.new_operation", "wrong": ""}, {"asked": ALL[0]["asked"], "wrong": "no such parameter"}]
    assert recorder.faults(_written(tmp_path, notes), passed=False) == [
        f"{ALL[0]['asked']}: no such parameter",
        "ec2.new_operation is not among those that the drivers can ask for",
    ]
