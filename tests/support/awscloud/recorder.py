"""Writes down every operation that the drivers ask Amazon's services for in a run of the tests, over all its processes.

botocore calls an initializer for each new session; ours listens to those that the drivers make, and to no others. Each
request's parameters are checked against botocore's own model of the service. When the run ends, a request that the
model does not know fails it, and so does an operation of :mod:`awscloud.operations` that nobody asked for. Whether all
were asked for can only be said of a run in which all tests of these drivers ran and passed; of others nothing is said.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from awscloud.operations import OPERATIONS
from programs import program

_VARIABLE = "DELTACLOUD_TEST_CALLS"
"""Names the folder in which all processes of a run write."""
_DRIVERS = Path(__file__).resolve().parents[2] / "drivers"
FOLDERS = tuple(_DRIVERS / name for name in ("digitalocean", "ec2", "eucalyptus", "google"))


def start(config: pytest.Config) -> None:
    """Called when a run begins, in each of its processes; the first makes the folder."""
    if not hasattr(config, "workerinput"):
        os.environ[_VARIABLE] = tempfile.mkdtemp(prefix="deltacloud-calls-")


def finish(session: pytest.Session) -> None:
    """Called when a run ends, in each of its processes; the first says what is wrong, and makes the run fail."""
    if hasattr(session.config, "workerinput"):
        return
    folder = Path(os.environ.pop(_VARIABLE))
    ran = session.exitstatus == pytest.ExitCode.OK and not session.config.option.collectonly
    found = faults(folder, passed=ran)
    shutil.rmtree(folder, ignore_errors=True)
    if found:
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        for fault in found:
            if reporter is not None:
                reporter.write_line(f"CALLS TO AMAZON: {fault}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def listen() -> None:
    """Note what the drivers ask for from now on, in this process; called once, before any session is made."""
    import botocore  # noqa: PLC0415 - only tests of these drivers load it

    botocore.register_initializer(_listen_to)


def note_collected(items: Iterable[pytest.Item]) -> None:
    """Note which test files of these drivers are going to run."""
    found = {str(item.path) for item in items if _is_ours(item)}
    _note({"files": sorted(found)})


def note_deselected(items: Iterable[pytest.Item]) -> None:
    """Note that some of their tests are not going to run."""
    if any(_is_ours(item) for item in items):
        _note({"partial": True})


def _is_ours(item: pytest.Item) -> bool:
    return item.path.parent in FOLDERS


def _listen_to(session: Any) -> None:
    from deltacloud_ec2.credentials import CallerProvider  # noqa: PLC0415 - it may not be installed elsewhere

    def record(params: dict[str, Any], model: Any, **_event: object) -> None:
        # The drivers replace the component after the session is made.
        if type(session.get_component("credential_provider")) is CallerProvider:
            _note(_described(params, model))

    session.register("before-parameter-build", record)


def _described(params: dict[str, Any], model: Any) -> dict[str, object]:
    from botocore import xform_name  # noqa: PLC0415 - loaded where this runs
    from botocore.validate import ParamValidator  # noqa: PLC0415

    name = f"{model.service_model.service_name}.{xform_name(model.name)}"
    report = "" if model.input_shape is None else ParamValidator().validate(params, model.input_shape).generate_report()
    return {"asked": name, "parameters": sorted(params), "wrong": report}


def _note(what: dict[str, object]) -> None:
    """One line; it is written at once, so lines of several threads do not mix."""
    folder = os.environ.get(_VARIABLE)
    if folder:
        with (Path(folder) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")


def _notes(folder: Path) -> Iterator[dict[str, Any]]:
    for path in folder.glob("*.jsonl"):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def faults(folder: Path, *, passed: bool) -> list[str]:
    """What is wrong with the requests of a run.

    Args:
        folder: Where its processes wrote.
        passed: Whether all its tests passed.
    """
    notes = list(_notes(folder))
    asked = {note["asked"] for note in notes if "asked" in note}
    found = [f"{note['asked']}: {note['wrong']}" for note in notes if note.get("wrong")]
    found += [f"{name} is not among those that the drivers can ask for" for name in sorted(asked - OPERATIONS)]
    if passed and _is_whole(notes):
        found += [f"no test makes a driver ask for {name}" for name in sorted(OPERATIONS - asked)]
    return list(dict.fromkeys(found))


def _is_whole(notes: list[dict[str, Any]]) -> bool:
    """Whether all tests of these drivers ran."""
    files = {Path(path) for note in notes for path in note.get("files", ())}
    there = {path for folder in FOLDERS for path in folder.glob("test_*.py")}
    return bool(program("moto_server")) and files >= there and not any("partial" in note for note in notes)
