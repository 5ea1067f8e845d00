"""schemathesis goes through everything that the OpenAPI document promises, on a running server.

``DELTACLOUD_EXAMPLES`` gives the number of its random requests for each operation; what comes on top of them, for every
bound and type that the document names, does not depend on it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway import Deltacloudd

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
SUPPORT = Path(__file__).parents[1] / "support"
EXAMPLES = os.environ.get("DELTACLOUD_EXAMPLES", "25")
SECONDS = 20 * (20 + int(EXAMPLES))
"""Far more than it takes."""


@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize("driver", ["mock", "mockplus"])
def test_every_operation_keeps_what_the_document_promises(
    deltacloudd: Deltacloudd, driver: str, tmp_path: Path
) -> None:
    gateway = deltacloudd(driver=driver)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "--no-color", "run"]
    finished = subprocess.run(
        [*command, f"{gateway.url}/api/openapi.json", f"--max-examples={EXAMPLES}"],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SUPPORT)},
        text=True,
        timeout=SECONDS,
    )
    gateway.stop()
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "No issues found" in finished.stdout
