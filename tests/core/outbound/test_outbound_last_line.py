"""The last line: no Python code of a worker connects to what is never reached, whatever it is built on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
import requests

from gateway import Deltacloudd
from guardtable.informer import python_path
from loopback import Outside

# 0.0.0.0 is never reached, and where nothing holds it, it leads to this machine: a connection would be seen.
PLAIN = """
    import http.client, os, socket, sys, tempfile, threading, urllib.request
    from deltacloud.errors import Forbidden
    from deltacloud.outbound import last_line

    def refused(connect):
        try:
            connect()
        except Forbidden as refusal:
            return "never talks to" in str(refusal)
        return False

    def in_a_thread(connect):
        found = []
        thread = threading.Thread(target=lambda: found.append(refused(connect)))
        thread.start()
        thread.join(10)
        return found == [True]

    port = int(sys.argv[1])
    last_line.hold(["2606:db8:122::/48"])
    web = http.client.HTTPConnection("0.0.0.0", port, timeout=5)
    assert refused(lambda: web.request("GET", "/"))
    assert refused(lambda: urllib.request.urlopen(f"http://0.0.0.0:{port}/", timeout=5))
    assert refused(lambda: socket.create_connection(("0", port), timeout=5))
    assert in_a_thread(lambda: socket.create_connection(("0.0.0.0", port), timeout=5))
    for family, host in [
        (socket.AF_INET, "0.0.0.0"), (socket.AF_INET, "0x0"), (socket.AF_INET, "0.0"),
        *([] if "gevent" in sys.modules else [(socket.AF_INET, "")]),  # to gevent, that is no host at all
        (socket.AF_INET6, "::"), (socket.AF_INET6, "::ffff:0.0.0.0"), (socket.AF_INET6, "fe80::1%lo"),
        (socket.AF_INET6, "2606:db8:122:0:0:0::"),
    ]:
        with socket.socket(family) as one:
            one.settimeout(0.2)
            assert refused(lambda: one.connect((host, port))), host
            assert refused(lambda: one.connect_ex((host, port))), host
    for host in ("127.0.0.2", "127.2", "0x7f.2"):
        socket.create_connection((host, port), timeout=5).close()
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.join(folder, "socket"))
        listening.listen()
        with socket.socket(socket.AF_UNIX) as one:
            one.connect(listening.getsockname())
            listening.accept()[0].close()
    print("all of it")
"""
COOPERATIVE = "from gevent import monkey\nmonkey.patch_all()\n"
BYPASSING = """
    import urllib.request

    from deltacloud.driver import Driver
    from deltacloud.models import Realm

    class Bypassing(Driver):
        name, title, contract = "bypassing", "A driver that has never heard of the guard", 1
        credentials = None

        def list_realms(self, context):
            with urllib.request.urlopen(f"http://{context.provider.text}/", timeout=5) as answer:
                yield Realm(id=answer.read().decode())
"""


@pytest.mark.parametrize("first", ["", COOPERATIVE], ids=["threads", "gevent"])
def test_whatever_connects_is_held(outside: Outside, first: str) -> None:
    everywhere, here = outside.serve(host="0.0.0.0"), outside.serve(host="127.0.0.2")  # noqa: S104 - to see who comes
    done = subprocess.run(
        [sys.executable, "-c", first + dedent(PLAIN), str(here.port)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "all of it\n", done.stderr
    assert everywhere.connections == 0


def test_a_driver_that_bypasses_the_guard_is_refused_by_the_worker(
    outside: Outside, deltacloudd: Deltacloudd, install: Callable[..., None], tmp_path: Path
) -> None:
    backend = outside.serve(host="127.0.0.1")
    install(
        "deltacloud-bypassing",
        {"deltacloud.drivers": {"bypassing": "deltacloud_bypassing_module:Bypassing"}},
        BYPASSING,
    )
    server = deltacloudd(driver="bypassing", environment=python_path(tmp_path / "deltacloud-bypassing"))

    def ask(place: str) -> requests.Response:
        headers = {"Accept": "application/xml", "X-Deltacloud-Provider": place}
        return requests.get(f"{server.url}/api/realms", headers=headers, timeout=30)

    assert "id='ok'" in ask(f"127.0.0.1:{backend.port}").text
    refused = ask(f"0.0.0.0:{backend.port}")
    assert refused.status_code == 403
    assert "never talks to 0.0.0.0" in refused.text
    assert backend.connections == 1
