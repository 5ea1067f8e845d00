"""What a driver declares, and what importing it costs."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import entry_points

from deltacloud.features import KNOWN
from deltacloud.testing.check import GUIDE, REFERENCE, check, expect
from deltacloud.testing.run import Run

_LOADED = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
import deltacloud.driver, deltacloud.context, deltacloud.outbound, deltacloud.hookspecs, deltacloud.redaction
import requests, urllib3, msgspec
before = set(sys.modules)
from importlib import import_module
import_module(sys.argv[2])
tops = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps(sorted(tops - set(sys.stdlib_module_names) - {name.partition(".")[0] for name in before})))
"""


@check(
    "driver.imports",
    "importing a driver loads no SDK: the list of drivers imports them all",
    (GUIDE, "The rules"),
)
def _imports(run: Run) -> None:
    module = next(iter(entry_points(group="deltacloud.drivers", name=run.backend.driver))).module
    command = [sys.executable, "-c", _LOADED, json.dumps(sys.path), module]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    expect(answer.returncode == 0, f"cannot be imported alone: {answer.stderr.strip()[-300:]}")
    own = module.partition(".")[0]
    loaded = set(json.loads(answer.stdout)) - {own} - run.backend.imports
    expect(not loaded, f"loads {', '.join(sorted(loaded))} when {module} is imported")


@check(
    "driver.declarations",
    "features come from the closed vocabulary, parameters name an operation, limitations are sentences",
    (GUIDE, "Declarations"),
)
def _declarations(run: Run) -> None:
    kind = run.driver.kind
    foreign = [one.name for one in kind.features if one.name not in KNOWN]
    expect(not foreign, f"declares features that nobody knows: {', '.join(foreign)}")
    homeless = [one.name for one in kind.parameters if "." not in one.operation]
    expect(not homeless, f"declares parameters without an operation: {', '.join(homeless)}")
    expect(isinstance(kind.limitations, tuple), "declares limitations that are no tuple of sentences")
    if run.backend.without_effect:
        expect(kind.limitations, "has features without effect, and its limitations do not say so")


@check(
    "driver.states",
    "the declared states begin with start, and every action that they offer is a hook",
    (REFERENCE, "States"),
    hooks=("list_instances",),
)
def _states(run: Run) -> None:
    states = run.driver.states
    if states is None:
        return
    actions = {row.action for row in states.transitions if row.action}
    missing = sorted(f"{action}_instance" for action in actions if not run.has(f"{action}_instance"))
    expect(not missing, f"declares transitions by hooks that it has not: {', '.join(missing)}")
    origins = {row.origin for row in states.transitions if row.action == "create"}
    expect(origins <= {"start"}, f"declares that create begins in {', '.join(sorted(origins))}")
