"""The plugin in runs of pytest of their own: what it reports, what it removes, and what others notice of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from deltacloud.testing import Backend
from deltacloud.testing.profiles import PROFILES
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import Run
from docexamples import entry_points_of
from mockbackend import mock_backend

pytestmark = pytest.mark.thorough

SUPPORT = Path(__file__).parents[1] / "support"
LIGHT = """
import sys
import deltacloud.testing.plugin
print(*sorted({name.partition(".")[0] for name in sys.modules if name.startswith("deltacloud.") is False}))
print(*sorted(name for name in sys.modules if name.startswith("deltacloud")))
"""
CONTRACT = """
from pathlib import Path
import pytest
from deltacloud.testing import Backend, DriverContract
from mockbackend import mock_backend

@pytest.fixture(scope="module")
def backend() -> Backend:
    return mock_backend(Path({storage!r}), {further})

class TestContract(DriverContract):
    pass

def test_something_else() -> None:
    pass
"""


def _pytest(folder: Path, *arguments: str, cache: bool = False) -> tuple[int, str]:
    """Run pytest in a folder; its status and what it printed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(SUPPORT)])}
    command = [sys.executable, "-m", *arguments, *([] if cache else ["-p", "no:cacheprovider"])]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def _written(folder: Path, further: str = "") -> Path:
    text = CONTRACT.format(storage=str(folder / "cloud"), further=further)
    (folder / "test_contract.py").write_text(textwrap.dedent(text), "utf-8")
    return folder / "cloud"


def test_loading_the_plugin_loads_nothing_but_pytest() -> None:
    answer = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True).stdout
    others, ours = answer.splitlines()
    assert ours.split() == ["deltacloud", "deltacloud.testing", "deltacloud.testing.plugin"]
    assert not {"hypothesis", "msgspec", "falcon", "requests", "stevedore", "trustme"} & set(others.split())


def test_runs_without_a_contract_are_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "test_plain.py").write_text("def test_plain():\n    pass\n", "utf-8")
    status, told = _pytest(tmp_path, "pytest", "-q")
    assert status == 0
    assert "contract" not in told
    assert told.splitlines()[-1].startswith("1 passed")


def test_the_summary_names_what_was_not_checked_with_the_reason(tmp_path: Path) -> None:
    _written(tmp_path, "other_credentials=None")
    status, told = _pytest(tmp_path, "pytest", "-q", "-k", "callers or keys")
    assert status == 0
    assert "= driver contract: mock (quick) =" in told
    assert "NOT CHECKED  callers.together: the backend does not give `other_credentials`" in told
    assert "NOT CHECKED  keys.tenants: the backend does not give `other_credentials`" in told
    assert "keys.pages" not in told


def test_a_failure_says_what_is_asked_what_was_done_and_where_it_is_explained(tmp_path: Path) -> None:
    _written(tmp_path, 'wrong_credentials=("ann", "ann\'s own password")')
    status, told = _pytest(tmp_path, "pytest", "-q", "-k", "keys.wrong-credentials")
    assert status == 1
    assert "keys.wrong-credentials\n" in told
    assert "the contract asks: credentials that the cloud rejects are AuthenticationFailed" in told
    assert "the driver:        list_keys answered to wrong credentials" in told
    assert "explained in:      Write a driver, Errors" in told
    assert "FAILED       keys.wrong-credentials" in told
    assert "ann's own password" not in told


def test_a_run_leaves_the_cloud_as_it_was(tmp_path: Path) -> None:
    run = Run(mock_backend(tmp_path), PROFILES["quick"])
    before = _everything(run)
    for resource in RESOURCES.values():
        if run.has(resource.create_hook):
            run.make(resource)
    assert _everything(run) != before
    assert run.close() == []
    assert _everything(Run(mock_backend(tmp_path), PROFILES["quick"])) == before


def test_what_cannot_be_removed_is_told(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    entry_points_of(tmp_path / "site", "mutants", {"deltacloud.drivers": {"keeper": "test_kit_keeper:Keeper"}})
    (tmp_path / "site" / "test_kit_keeper.py").write_text(KEEPER, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path / "site")
        run = Run(mock_backend(tmp_path / "cloud", driver="keeper"), PROFILES["quick"])
        with run.tidy():
            key = run.make(RESOURCES["keys"])
        assert run.close() == [f"keys {key.id} (Forbidden: keys are kept)"]


KEEPER = """
from deltacloud.errors import Forbidden
from deltacloud_mock import MockDriver

class Keeper(MockDriver):
    name = "keeper"

    def destroy_key(self, context, key_id):
        raise Forbidden("keys are kept")
"""


def test_the_sweep_removes_what_a_broken_run_has_left_and_nothing_else(tmp_path: Path) -> None:
    storage = _written(tmp_path)
    broken = Run(mock_backend(storage), PROFILES["quick"])
    before = _everything(broken)
    for name in ("keys", "firewalls", "instances", "storage_snapshots", "buckets", "network_interfaces"):
        broken.make(RESOURCES[name])
    status, told = _pytest(tmp_path, "deltacloud.testing", "sweep", "test_contract.py")
    assert status == 0, told
    assert f"REMOVED      keys {broken.prefix}" in told
    assert "test_something_else" not in told
    after = _everything(Run(mock_backend(storage), PROFILES["quick"]))
    assert {kind: ids for kind, ids in after.items() if ids != before[kind]} == {}


def test_the_sweep_finds_what_has_no_name_in_the_journal_of_the_run(tmp_path: Path) -> None:
    storage, journals = _written(tmp_path), tmp_path / ".pytest_cache" / "d" / "deltacloud-contract"
    journals.mkdir(parents=True)
    broken, others = (Run(mock_backend(storage), PROFILES["quick"], folder) for folder in (journals, None))
    addresses = RESOURCES["addresses"]
    made, removed, theirs, foreign = (
        broken.make(addresses), broken.make(addresses), broken.make(addresses, by=broken.other), others.make(addresses)
    )  # fmt: skip
    broken.remove(addresses, removed.id)
    with next(journals.iterdir()).open("ab") as torn:
        torn.write(b'{"done":"made","entry":["addre')
    status, told = _pytest(tmp_path, "deltacloud.testing", "sweep", "test_contract.py", cache=True)
    assert status == 0, told
    assert [f"addresses {one.id}" in told for one in (made, theirs, removed, foreign)] == [True, True, False, False]
    after = Run(mock_backend(storage), PROFILES["quick"])
    assert [one.id for one in after.main.items(addresses)] == [foreign.id]
    assert after.other.items(addresses) == []
    assert list(journals.iterdir()) == []


def test_a_run_that_ends_well_leaves_no_journal(tmp_path: Path) -> None:
    storage, journals = _written(tmp_path), tmp_path / "journals"
    journals.mkdir()
    run = Run(mock_backend(storage), PROFILES["quick"], journals)
    with run.tidy():
        run.standing("instances")
        run.make(RESOURCES["keys"])
        assert len(list(journals.iterdir())) == 1
    assert run.close() == []
    assert list(journals.iterdir()) == []


def test_the_command_says_how_it_is_used(tmp_path: Path) -> None:
    for words in (("broom",), ("new",), ("new", "--defaults"), ()):
        status, told = _pytest(tmp_path, "deltacloud.testing", *words)
        assert status == 2
        assert told.startswith("usage:\n  python -m deltacloud.testing new FOLDER")
        assert "\n  python -m deltacloud.testing sweep " in told


def test_a_backend_shows_no_secret(tmp_path: Path) -> None:
    backend = mock_backend(tmp_path)
    assert isinstance(backend, Backend)
    assert "password" not in repr(backend).replace("other_credentials", "")
    json.dumps(repr(backend))


def _everything(run: Run) -> dict[str, list[str]]:
    """The ids of all that the cloud holds."""
    lists = [resource for resource in RESOURCES.values() if run.has(resource.list_hook)]
    return {resource.collection: [one.id for one in run.main.items(resource)] for resource in lists}
