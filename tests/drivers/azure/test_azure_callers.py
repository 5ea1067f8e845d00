"""Many callers of many accounts at once: no request is signed for another, and all look as the cloud wants them."""

from __future__ import annotations

import random
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from apiclient import Client
from azureaccounts import new_key
from azurehooks import azure_api, azure_hooks, everything
from blobservice import BlobService, Call, error
from deltacloud.testing.caller import Caller, restless
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.uploading import Upload, whole
from loopback import Backend, Reset

MIB = 1024 * 1024
ACCOUNTS, THREADS, ROUNDS = 8, 32, 2


def _keys() -> dict[str, str]:
    """Keys of most accounts, and signatures of some."""
    signature = "sv=2026-10-06&ss=b&srt=sco&sp=rwdlac&se=2030-01-01T00%3A00%3A00Z&sig={}%3D"
    return {
        f"account{number}": signature.format(secrets.token_hex(16)) if number % 4 == 3 else new_key()
        for number in range(ACCOUNTS)
    }


class Weather:
    """Reads and blocks fail at times, and connections end: the cloud is busy, or gone."""

    def __init__(self) -> None:
        self._chance = random.Random(7)  # noqa: S311 - makes failures, guards nothing

    def __call__(self, call: Call) -> Iterator[bytes] | list[bytes] | None:
        repeatable = call.asked.method in {"GET", "HEAD"} or call.query.get("comp") == "block"
        dice = self._chance.random()
        if not repeatable or dice > 0.1:
            return None
        return error(503, "ServerBusy") if dice > 0.05 else _gone()


def _gone() -> Iterator[bytes]:
    yield b""
    raise Reset


def _work(hooks: Caller, number: int, mistakes: list[str]) -> None:
    """One caller's round: everything that is lazy, parallel or repeated, with contents of the account's own."""
    account = hooks.login[0] if hooks.login else ""
    where = {"bucket_id": account, "blob_id": f"blob{number}"}
    content = f"{account}:{number}:".encode() * 200_000
    hooks.call("write_blob", upload=Upload(iter([content[i : i + MIB] for i in range(0, len(content), MIB)])), **where)
    stream = hooks.call("read_blob", byte_range=None, **where)
    entries = iter(hooks.lister.blobs(account, None, None, None).items)
    seen = {next(entries).id}
    if whole(stream) != content:
        mistakes.append(f"{account} reads what is another's")
    seen |= {entry.id for entry in entries}
    if f"blob{number}" not in seen:
        mistakes.append(f"{account} does not see its blob")
    if [bucket.id for bucket in hooks.items(RESOURCES["buckets"])] != [account, *(f"{account}-{one}" for one in "abc")]:
        mistakes.append(f"{account} sees what is another's")
    hooks.call("get_blob", **where)


def test_no_request_is_signed_for_another_caller() -> None:
    keys, mistakes = _keys(), list[str]()
    service = BlobService(keys)
    service.blobs = {(account, f"{account}{tail}"): {} for account in keys for tail in ("", "-a", "-b", "-c")}
    service.fault = Weather()
    server = Backend(service.answer)
    with ExitStack() as stack:
        stack.callback(server.close)
        stack.enter_context(restless())
        driver = stack.enter_context(azure_hooks(server.url(), ("", ""), page_size=2))
        callers = [Caller(driver.place, login) for login in keys.items()]  # all of one driver: they share connections
        barrier = threading.Barrier(THREADS)

        def run(thread: int) -> None:
            barrier.wait()
            for turn in range(ROUNDS):
                try:
                    _work(callers[(thread + turn) % ACCOUNTS], thread * ROUNDS + turn, mistakes)
                except Exception as fault:  # noqa: BLE001 - whatever it is, the test must hear of it
                    mistakes.append(repr(fault))

        threads = [threading.Thread(target=run, args=(thread,)) for thread in range(THREADS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert mistakes == []
    assert service.forged == []
    done = Counter(call.name for call in service.calls)
    assert done["PUT blob block"] > THREADS * ROUNDS * 2
    assert done["GET container list"] > THREADS * ROUNDS * 2
    assert len({call.asked.connection for call in service.calls}) < len(service.calls) / 4, "connections are kept"


def test_the_test_would_see_a_request_that_is_signed_for_another() -> None:
    keys = {"account": new_key(), "another": new_key()}
    service = BlobService(keys)
    server = Backend(service.answer)
    with azure_hooks(server.url(), ("account", keys["another"])) as hooks, pytest.raises(Exception, match="not valid"):
        hooks.call("get_bucket", bucket_id="box")
    server.close()
    assert len(service.forged) == 1


EXPECTED = {
    "GET account list", "PUT container", "GET container", "GET container list", "DELETE container", "PUT blob",
    "PUT blob block", "PUT blob blocklist", "GET blob blocklist", "GET blob", "HEAD blob", "PUT blob metadata",
    "DELETE blob",
}  # fmt: skip
"""What the driver asks for."""
HEADERS = {
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "host", "if-match",
    "user-agent", "x-ms-blob-content-type", "x-ms-blob-type", "x-ms-client-request-id", "x-ms-date",
    "x-ms-delete-snapshots", "x-ms-meta-a", "x-ms-range", "x-ms-version",
}  # fmt: skip
"""What the cloud knows; nothing else goes there."""


@pytest.mark.parametrize("version", [None, "2021-12-02"])
def test_every_request_says_what_the_cloud_wants_and_nothing_of_the_servers_environment(
    service: tuple[BlobService, str], version: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AZURE_HTTP_USER_AGENT": "leaked", "AZURE_STORAGE_CONNECTION_STRING": "leaked", "AZURE_STORAGE_KEY": "leaked",
        "AZURE_TRACING_ENABLED": "true", "AZURE_SDK_TRACING_IMPLEMENTATION": "opentelemetry",
        "AZURE_LOG_LEVEL": "DEBUG", "AZURE_SDK_LOGGING_MULTIRECORD": "1",
        "HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9",
        "NETRC": "/nonexistent",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    blobs, url = service
    login = next(iter(blobs.keys.items()))
    with azure_hooks(url, login) if version is None else azure_hooks(url, login, api_version=version) as hooks:
        everything(hooks)
    assert {call.name for call in blobs.calls} == EXPECTED
    assert blobs.forged == []
    versions = {call.asked.headers["x-ms-version"] for call in blobs.calls}
    assert versions == {version} if version else len(versions) == 1
    for call in blobs.calls:
        assert call.asked.headers.keys() <= HEADERS, call.name
        assert "leaked" not in str(call.asked)
        assert call.asked.headers["user-agent"].startswith("azsdk-python-storage-blob/")


def test_the_entry_point_asks_nothing_of_the_cloud(service: tuple[BlobService, str]) -> None:
    client: Client = azure_api(service[1])
    assert client("GET", "/api", user=("account", "any")).status == 200
    assert client("GET", "/api", user=None).status == 200
    assert client("GET", "/api/drivers/azure", user=None).status == 200
    missing = client("GET", "/api/instance_states", user=None)
    assert (missing.status, missing.headers["expect"]) == (412, "instance_state_machine")
    assert service[0].calls == []
