"""The same promises under gevent, which replaces threads and sockets: as the server really runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough

HERE = Path(__file__).parent
PATCHED = """
from gevent import monkey
monkey.patch_all()
import sys
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("subject", ["guard", "guard_table", "deadlines", "caches", "sdk", "tls"])
def test_every_promise_holds_under_gevent(subject: str) -> None:
    file = HERE / f"test_outbound_{subject}.py"
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", str(file)]
    done = subprocess.run(
        [sys.executable, "-c", PATCHED, *options], capture_output=True, text=True, timeout=110, check=False, cwd=HERE
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
