"""The examples of ``deploy/proxy`` in front of a real gateway: paths, bodies, names and ids get through."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import re
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from frontproxies import EXAMPLES, NAME, RECIPES, Certificate, Place, Proxy, Recipe, check, running
from gateway import Deltacloudd, Gateway, find_free_port
from loopback import Asked, Backend, Reset, reply
from processes import usage
from programs import needed
from waiting import wait_until

pytestmark = pytest.mark.doubles

MEBIBYTE = 1024 * 1024
CALLER = {
    "Authorization": "Basic " + base64.b64encode(b"mockuser:mockpassword").decode(),
    "Accept": "application/json",
}
OLDEST_CADDY = 2, 8
"""Older ones end an answer that breaks off as if it were whole."""
BLOB = "/api/buckets/bucket1/a%2Fb%20c%3Bd%25"
"""The blob ``a/b c;d%``."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("certificate")
    authority = trustme.CA()
    issued = authority.issue_cert(NAME)
    certificate = Certificate(folder / "chain.pem", folder / "key.pem", folder / "both.pem", folder / "authority.pem")
    certificate.chain.write_bytes(b"".join(one.bytes() for one in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(certificate.key)
    issued.private_key_and_cert_chain_pem.write_to_path(certificate.both)
    authority.cert_pem.write_to_path(certificate.authority)
    return certificate


@pytest.fixture(scope="module", params=RECIPES, ids=lambda recipe: recipe.name)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    recipe: Recipe = request.param
    path = needed(recipe.name, f"deploy/proxy/{recipe.example}")
    if recipe.name == "caddy" and _version(path) < OLDEST_CADDY:
        pytest.skip(f"{path} is older than the example asks for: NOT TESTED: deploy/proxy/{recipe.example}")
    return recipe


def _version(caddy: str) -> tuple[int, ...]:
    told = subprocess.run([caddy, "version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(number) for number in re.findall(r"\d+", told)[:2])


@pytest.fixture(scope="module")
def gateway(deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """With the settings that go with the examples, but another port for metrics, and leave to reach a broken cloud."""
    text = (EXAMPLES / "config.toml").read_text("utf-8")
    file = tmp_path_factory.mktemp("settings") / "config.toml"
    file.write_text(text.replace("127.0.0.1:9100", f"127.0.0.1:{find_free_port()}"), "utf-8")
    return deltacloudd("-c", str(file), "--workers", "1", "--allow-providers", "127.0.0.1")


@pytest.fixture(scope="module")
def proxy(
    recipe: Recipe, gateway: Gateway, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    with running(recipe, tmp_path_factory.mktemp("proxy") / recipe.name, gateway.port, certificate) as proxy:
        yield proxy


def ask(
    proxy: Proxy, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by their lower-case names, and body."""
    with proxy.connection() as connection:
        sent = CALLER | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_the_proxy_itself_accepts_the_example(recipe: Recipe, certificate: Certificate, tmp_path: Path) -> None:
    done = check(recipe, Place(tmp_path, find_free_port(), 3001, certificate))
    assert done.returncode == 0, done.stderr
    assert not re.search(r"\[warn(ing)?\]", done.stdout + done.stderr, re.IGNORECASE)


def test_links_carry_the_public_name(proxy: Proxy) -> None:
    status, _, body = ask(proxy, "GET", "/api/instances")
    assert status == 200
    links = [one["href"] for one in json.loads(body)["instances"]]
    assert links
    assert all(link.startswith(f"https://{NAME}/api/instances/") for link in links)


def test_an_id_with_a_slash_comes_through_as_it_was_sent(proxy: Proxy) -> None:
    status, _, body = ask(proxy, "PUT", BLOB, b"content", Content_Type="text/plain", X_Deltacloud_Blobmeta_Colour="red")
    assert (status, json.loads(body)["blob"]["id"]) == (200, "a/b c;d%")
    assert ask(proxy, "GET", f"{BLOB}/content")[2] == b"content"
    status, headers, _ = ask(proxy, "HEAD", BLOB)
    assert (status, headers["x-deltacloud-blobmeta-colour"]) == (204, "red")
    assert ask(proxy, "DELETE", BLOB)[0] == 204


def test_matrix_parameters_and_long_targets_come_through(proxy: Proxy) -> None:
    status, headers, _ = ask(proxy, "GET", "/api;driver=mock;provider=eu%2Fwest/realms")
    assert (status, headers["x-deltacloud-provider"]) == (200, "eu/west")
    assert ask(proxy, "GET", f"/api/realms?unknown={'x' * 20_000}")[0] == 200


@pytest.mark.parametrize("name", ["a-b", "a_b"], ids=["hyphen", "underscore"])
def test_metadata_whose_name_has_an_underscore_comes_through(proxy: Proxy, name: str) -> None:
    if proxy.name == "caddy" and name == "a_b":
        pytest.skip("Caddy drops headers whose names have underscores, as the comment in the example says")
    headers = {**CALLER, f"X-Deltacloud-Blobmeta-{name}": "kept"}
    with proxy.connection() as connection:
        connection.request("PUT", "/api/buckets/bucket1/underscore", b"x", headers)
        assert json.loads(connection.getresponse().read())["blob"]["user_metadata"] == {"a_b": "kept"}


def test_an_upload_flows_before_the_client_has_sent_it_all(proxy: Proxy, gateway: Gateway) -> None:
    """So nothing collects it first, neither the proxy on disk nor the gateway in memory."""
    size, block = 50, bytes(range(256)) * (MEBIBYTE // 256)
    before = {one.pid: usage(one.pid).memory for one in (proxy, gateway.process)}
    with proxy.connection() as connection:
        connection.putrequest("PUT", "/api/buckets/bucket1/large")
        for name, value in {**CALLER, "Content-Length": str(size * MEBIBYTE)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        for _ in range(size // 2):
            connection.send(block)
        wait_until(lambda: stored(gateway) > (size // 2 - 8) * MEBIBYTE)
        for _ in range(size - size // 2):
            connection.send(block)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["blob"]["content_length"]) == (200, size * MEBIBYTE)
    grown = {pid: usage(pid).memory - memory for pid, memory in before.items()}
    assert all(growth < 25 * MEBIBYTE for growth in grown.values()), grown


def test_a_download_waits_for_its_client(proxy: Proxy) -> None:
    """So nothing collects the rest: the proxy holds neither memory nor a file of it."""
    size = 50 * MEBIBYTE
    content = bytes(size)
    with proxy.connection() as connection:
        connection.request("PUT", "/api/buckets/bucket1/zeros", content, CALLER)
        assert connection.getresponse().status == 200
    before = usage(proxy.pid).memory
    with proxy.connection() as connection:
        connection.request("GET", "/api/buckets/bucket1/zeros/content", headers=CALLER)
        answer = connection.getresponse()
        read = len(answer.read(MEBIBYTE))
        time.sleep(0.5)  # for whoever would go on collecting
        held = usage(proxy.pid).memory - before + hidden_files(proxy.pid)
        while block := answer.read(MEBIBYTE):
            read += len(block)
    assert read == size
    assert held < 25 * MEBIBYTE


def test_a_refused_upload_can_be_read_by_its_client(proxy: Proxy) -> None:
    wrong = "Basic " + base64.b64encode(b"mockuser:wrong").decode()
    with proxy.connection() as connection:
        connection.putrequest("PUT", "/api/buckets/bucket1/refused")
        sent = {"Authorization": wrong, "Accept": "application/json", "Content-Length": str(8 * MEBIBYTE)}
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.endheaders()
        with contextlib.suppress(OSError):  # the other side has heard enough
            connection.send(bytes(8 * MEBIBYTE))
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["error_code"]) == (401, "authentication_failed")


@pytest.fixture(scope="module")
def broken() -> Iterator[str]:
    """A provider of the driver ``wire`` whose contents and lists break off in the middle."""
    backend = Backend(_break_off)
    yield backend.url()
    backend.close()


def _break_off(asked: Asked) -> Iterator[bytes]:
    if asked.path.startswith("/get_bucket"):
        yield from reply(b'{"id": "bucket1"}')
    elif asked.path.startswith("/list_blobs") and "marker" not in asked.path:
        entries = [{"id": f"blob{number}"} for number in range(1500)]
        yield from reply(json.dumps(entries).encode(), X_Wire_Next="second")
    elif asked.path.startswith("/read_blob"):
        yield f"HTTP/1.1 200 OK\r\nContent-Length: {4 * MEBIBYTE}\r\n\r\n".encode() + bytes(MEBIBYTE)
    raise Reset


@pytest.mark.parametrize("path", ["/api/buckets/bucket1", "/api/buckets/bucket1/blob/content"], ids=["list", "content"])
def test_an_answer_that_breaks_off_does_not_pass_for_a_whole_one(proxy: Proxy, broken: str, path: str) -> None:
    try:
        status, _, body = ask(proxy, "GET", path, X_Deltacloud_Driver="wire", X_Deltacloud_Provider=broken)
    except (http.client.IncompleteRead, ConnectionError):
        return
    assert status >= 500, body[-200:]


def test_metrics_are_for_nobody_out_there(proxy: Proxy) -> None:
    for path in ("/metrics", "//metrics", "/%6Detrics", "/metrics?x=1"):
        status, headers, _ = ask(proxy, "GET", path)
        assert status in (403, 404), path
        assert "x-request-id" not in headers, f"the gateway was asked for {path}"


def test_a_request_id_goes_from_end_to_end(proxy: Proxy, gateway: Gateway) -> None:
    name = f"chosen-by-the-client.{proxy.name}"
    assert ask(proxy, "GET", "/api/realms", X_Request_Id=name)[1]["x-request-id"] == name
    line = access_line(gateway, name)
    assert (line["request_id"], line["peer"]) == (name, "127.0.0.1")


@pytest.mark.parametrize("given", [{}, {"X_Request_Id": "not an id; DROP"}], ids=["absent", "unfit"])
def test_a_request_without_a_fit_id_gets_one(proxy: Proxy, given: dict[str, str]) -> None:
    ids = {ask(proxy, "GET", "/api/realms", None, **given)[1]["x-request-id"] for _ in range(2)}
    assert len(ids) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{20,64}", one) for one in ids)


def test_what_a_client_says_about_its_way_does_not_count(proxy: Proxy, gateway: Gateway) -> None:
    name = f"pretender.{proxy.name}"
    forged = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "gopher"}
    status, _, body = ask(proxy, "GET", "/api/realms", None, X_Request_Id=name, Forwarded="for=203.0.113.9", **forged)
    assert status == 200
    assert b"evil.example" not in body
    assert access_line(gateway, name)["peer"] == "127.0.0.1"


def test_the_answer_is_the_gateways_own(proxy: Proxy) -> None:
    _, headers, _ = ask(proxy, "GET", "/api/realms")
    assert headers["server"] == "Apache-Deltacloud/1.1.3"
    assert headers["strict-transport-security"] == "max-age=31536000"
    status, headers, body = ask(proxy, "GET", "/api/realms/nowhere")
    assert (status, json.loads(body)["request_id"]) == (404, headers["x-request-id"])


def test_a_page_of_the_same_site_may_change_things_and_one_of_another_may_not(proxy: Proxy) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    own = ask(proxy, "POST", "/api/keys", b"name=from-own-page", Origin=f"https://{NAME}", **form)
    assert own[0] == 201
    assert ask(proxy, "DELETE", "/api/keys/from-own-page")[0] == 204
    assert ask(proxy, "POST", "/api/keys", b"name=foreign", Origin="https://evil.example", **form)[0] == 403


def access_line(gateway: Gateway, request_id: str) -> dict[str, object]:
    """The gateway's line about a request; it is written when the answer has been sent."""
    lines: list[dict[str, object]] = []

    def found() -> bool:
        lines[:] = [json.loads(line) for line in gateway.log.read_text("utf-8").splitlines() if request_id in line]
        return bool(lines)

    wait_until(found)
    return lines[0]


def stored(gateway: Gateway) -> int:
    """Bytes in the files of the gateway's cloud."""
    return sum(one.stat().st_size for one in gateway.storage.rglob("*") if one.is_file())


def hidden_files(pid: int) -> int:
    """Bytes in files without a name that a process or its children hold: what proxies spool bodies to."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    status = [
        one.stat() for name in (str(pid), *children) for one in Path(f"/proc/{name}/fd").iterdir() if one.exists()
    ]
    return sum(one.st_size for one in status if stat.S_ISREG(one.st_mode) and one.st_nlink == 0)
