"""A page of another site can neither change anything nor choose a driver; and names full of markup stay text."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import expect

from gateway import Gateway
from surfing import Api, Surfer

HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    '"><svg onload="document.title=\'owned\'">',
    "javascript:document.title='owned'",
    "{{ 7 * 7 }}</title></textarea>",
    "\u202egnp.exe \u05d0\u05d1\u05d2",
)
PAGE = """<!DOCTYPE html><html lang="en"><title>Win a prize</title>
<form id="stop" method="post" action="{url}/api/instances/inst0/stop"><button>Stop</button></form>
<form id="destroy" method="post" action="{url}/api/keys/test-key"><input type="hidden" name="_method" value="delete">
<button>Destroy</button></form>
<form id="switch" method="post" action="{url}/api"><input name="driver" value="lean"><button>Switch</button></form>
<a id="chosen" href="{url}/api;driver=lean/instances">A link that chooses</a>
<a id="plain" href="{url}/api/realms">A link that does not</a>
<img src="{url}/api;driver=lean/instances" alt=""><img src="{url}/api/instances/inst0/stop?_method=post" alt="">
<iframe src="{url}/api/instances/inst0" title="x"></iframe>
<script>
for (const [path, method] of [["stop", "POST"], ["reboot", "POST"], ["", "DELETE"]]) {{
  const mode = method === "POST" ? "no-cors" : "cors";
  fetch("{url}/api/instances/inst0/" + path, {{method, mode, credentials: "include"}}).catch(() => {{}});
}}
</script></html>"""


@pytest.fixture
def foreign(cloud: Gateway) -> Iterator[str]:
    """The address of a page that wants to drive the cloud, on another host name."""
    content = PAGE.format(url=cloud.url).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the library
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("way", ["#stop button", "#destroy button", "#switch button", "#chosen"])
def test_a_foreign_page_is_refused(surf: Any, api: Api, foreign: str, way: str) -> None:
    surfer = surf()
    surfer.sign_in()
    page = surfer.page
    page.goto(foreign)
    page.wait_for_load_state("networkidle")
    with page.expect_navigation() as led:
        page.locator(way).click()
    assert led.value is not None
    assert led.value.status == 403
    expect(page.get_by_role("alert")).to_contain_text("another site")
    assert api("GET", "/api/instances/inst0")["instance"]["state"] == "RUNNING"
    assert api("GET", "/api/keys/test-key")["key"]["id"] == "test-key"
    surfer.complaints.clear()
    surfer.foreign.clear()


def test_a_plain_link_from_a_foreign_page_works(surf: Any, foreign: str) -> None:
    surfer = surf()
    surfer.sign_in()
    surfer.page.goto(foreign)
    surfer.page.locator("#plain").click()
    expect(surfer.page.get_by_role("heading", level=1)).to_have_text("Realms")
    surfer.complaints.clear()
    surfer.foreign.clear()


def test_a_page_is_not_shown_inside_a_foreign_one(surf: Any, foreign: str) -> None:
    surfer = surf()
    surfer.sign_in()
    surfer.page.goto(foreign)
    surfer.page.wait_for_load_state("networkidle")
    assert surfer.page.frames[-1].url.startswith("chrome-error:")
    surfer.complaints.clear()
    surfer.foreign.clear()


def test_names_full_of_markup_stay_text(surfer: Surfer, api: Api) -> None:
    made = [
        api("POST", "/api/instances", {"image_id": "img1", "name": name, "tag_<b>": name})["instance"]["id"]
        for name in HOSTILE
    ]
    for one in made:
        api.until(f"/api/instances/{one}", "RUNNING")
        api("POST", f"/api/instances/{one}/stop", {})
        api.until(f"/api/instances/{one}", "STOPPED")
    for one, name in zip(made, HOSTILE, strict=True):
        page = surfer.go(f"/api/instances/{one}")
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Instance {name}")
        page.get_by_role("button", name="Destroy…").click()
        expect(page.get_by_role("dialog")).to_contain_text(name)
        assert page.title() != "owned"
    page = surfer.go("/api/instances?state=STOPPED")
    expect(page.get_by_role("rowheader")).to_have_text(HOSTILE)
    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="Destroy…").click()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_text(HOSTILE)
    assert page.title() != "owned"
