"""The examples of the documentation work: drivers, an extension and a front end, each in a real server."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from docexamples import installed
from gateway import Deltacloudd, Gateway, NotStarted
from pinecloud import ACCOUNT, KEY, PineCloud, pine_cloud


@dataclass(frozen=True)
class Caller:
    """Sends requests to one server, with the credentials of one account, and reads JSON."""

    gateway: Gateway
    user: str
    password: str
    headers: tuple[tuple[str, str], ...] = ()

    def __call__(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
        status, content = self.raw(method, path, body, **headers)
        return status, json.loads(content) if content else None

    def raw(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        sent = {"Accept": "application/json", "Authorization": f"Basic {pair}", **dict(self.headers)}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(f"{self.gateway.url}/api{path}", body or None, sent, method=method)
        try:
            with urlopen(request, timeout=30) as answer:
                return int(answer.status), bytes(answer.read())
        except HTTPError as error:
            with error:
                return error.code, error.read()


# The smallest driver


@pytest.fixture(scope="module")
def tiny(deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    environment = installed(tmp_path_factory.mktemp("tiny"), "deltacloud-tiny")
    return deltacloudd(driver="tiny", environment=environment)


def test_the_smallest_driver_lists_filters_finds_and_refuses(tiny: Gateway) -> None:
    ann = Caller(tiny, "ann", "secret")
    assert [one["id"] for one in ann("GET", "/instances")[1]["instances"]] == ["web", "database", "cache"]
    assert [one["id"] for one in ann("GET", "/instances?id=cache")[1]["instances"]] == ["cache"]
    assert ann("GET", "/instances/web")[1]["instance"]["owner"] == "ann"
    assert ann("GET", "/instances/nothing")[0] == 404
    assert ann("POST", "/instances/web/stop")[0] == 412
    assert Caller(tiny, "ann", "wrong")("GET", "/instances")[0] == 401


# The driver of a cloud with an API


@pytest.fixture(scope="module")
def pine() -> Iterator[PineCloud]:
    with pine_cloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def ann(pine: PineCloud, deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Caller:
    environment = installed(tmp_path_factory.mktemp("pine"), "deltacloud-pine") | {"PINE_PAGE_SIZE": "2"}
    gateway = deltacloudd("--workers", "1", driver="pine", environment=environment)
    return Caller(gateway, ACCOUNT, KEY, (("X-Deltacloud-Provider", pine.url),))


def test_the_driver_loads_nothing_for_the_list_of_drivers(ann: Caller) -> None:
    _, drivers = ann("GET", "/drivers")
    assert drivers["pine"]["username"] == "Account"


def test_a_list_is_followed_through_all_pages_of_the_cloud(ann: Caller, pine: PineCloud) -> None:
    for _ in range(5):
        pine.launch({"image": "image-1"})
    pine.seen.clear()
    _, document = ann("GET", "/instances")
    assert [one["id"] for one in document["instances"]] == list(pine.servers)
    assert pine.seen.count(("GET", "/servers")) == 3


def test_a_page_is_asked_for_as_a_page(ann: Caller, pine: PineCloud) -> None:
    pine.seen.clear()
    _, document = ann("GET", "/images?limit=2")
    assert [one["id"] for one in document["images"]] == ["image-1", "image-2"]
    assert pine.seen.count(("GET", "/images")) == 1


def test_a_token_is_kept_for_its_caller_and_renewed_when_it_is_refused(ann: Caller, pine: PineCloud) -> None:
    ann("GET", "/realms")
    pine.seen.clear()
    assert ann("GET", "/realms")[0] == 200
    assert ("POST", "/login") not in pine.seen
    pine.tokens.clear()
    assert ann("GET", "/realms")[0] == 401
    assert ann("GET", "/realms")[0] == 200


def test_sizes_are_asked_for_once_for_everybody(ann: Caller, pine: PineCloud) -> None:
    ann("GET", "/hardware_profiles")
    pine.seen.clear()
    _, document = ann("GET", "/hardware_profiles")
    assert document["hardware_profiles"][1]["properties"] == {"cpu": "4", "memory": "16384", "storage": "80"}
    assert pine.seen == []


def test_an_instance_lives_as_the_driver_declares(ann: Caller, pine: PineCloud) -> None:
    created, document = ann("POST", "/instances", b"image_id=image-1&hwp_id=small&rack=7&name=web")
    assert created == 201
    identifier = document["instance"]["id"]
    assert pine.servers[identifier]["rack"] == 7
    assert [one["rel"] for one in document["instance"]["actions"]] == ["stop", "destroy"]
    assert ann("POST", f"/instances/{identifier}/stop")[1]["state"] == "STOPPED"
    assert ann("POST", f"/instances/{identifier}/stop")[0] == 405
    assert ann("POST", f"/instances/{identifier}/start")[1]["state"] == "RUNNING"
    assert ann("DELETE", f"/instances/{identifier}")[0] == 204


@pytest.mark.parametrize("body", [b"image_id=image-1&rack=none", b"image_id=image-1&name=" + b"x" * 41])
def test_what_is_declared_is_checked_before_the_cloud_is_asked(ann: Caller, pine: PineCloud, body: bytes) -> None:
    pine.seen.clear()
    assert ann("POST", "/instances", body)[0] == 400
    assert ("POST", "/servers") not in pine.seen


def test_a_launch_with_a_key_happens_once(ann: Caller) -> None:
    ids = {ann("POST", "/instances", b"image_id=image-1", Idempotency_Key="k")[1]["instance"]["id"] for _ in "ab"}
    assert len(ids) == 1


def test_the_clouds_word_for_an_error_is_translated_and_shown(ann: Caller) -> None:
    status, document = ann("POST", "/instances", b"image_id=nothing")
    assert (status, document["error_code"], document["backend_code"]) == (404, "not_found", "no_such_thing")


def test_wrong_credentials_and_a_missing_provider_are_refused(ann: Caller) -> None:
    assert Caller(ann.gateway, ACCOUNT, "wrong", ann.headers)("GET", "/realms")[0] == 401
    status, document = Caller(ann.gateway, ACCOUNT, KEY)("GET", "/realms")
    assert (status, document["message"][:22]) == (400, "A provider is required")


def test_a_file_goes_up_and_comes_down_with_its_labels_and_in_parts(ann: Caller) -> None:
    content, colour = b"0123456789" * 30_000, "grün".encode().decode("latin-1")
    sent = {"Content_Type": "text/plain", "X_Deltacloud_Blobmeta_Colour": colour}
    status, document = ann("PUT", "/buckets/letters/a%2Fb", content, **sent)
    assert (status, document["blob"]["user_metadata"]) == (200, {"colour": "grün"})
    assert ann.raw("GET", "/buckets/letters/a%2Fb/content") == (200, content)
    assert ann.raw("GET", "/buckets/letters/a%2Fb/content", Range="bytes=10-13") == (206, b"0123")
    assert [one["id"] for one in ann("GET", "/buckets/letters?prefix=a")[1]["bucket"]["blob_list"]] == ["a/b"]
    assert ann("GET", "/buckets/letters?prefix=b")[1]["bucket"]["blob_list"] == []


def test_the_key_of_an_account_is_in_no_log(ann: Caller) -> None:
    assert KEY not in ann.gateway.log.read_text("utf-8")


# The extension and the front end


def test_the_audit_extension_writes_a_line_for_each_change_and_how_it_ended(
    deltacloudd: Deltacloudd, tmp_path: Path
) -> None:
    log, settings = tmp_path / "audit.log", tmp_path / "settings.toml"
    settings.write_text(
        f'[server]\nextensions = ["audit"]\n\n[extensions.audit]\nfile = {json.dumps(str(log))}\n', "utf-8"
    )
    environment = installed(tmp_path / "site", "deltacloud-audit")
    user = Caller(deltacloudd("-c", str(settings), environment=environment), "mockuser", "mockpassword")
    user("GET", "/instances")
    user("POST", "/keys", b"name=fresh")
    user("DELETE", "/keys/nothing")
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [(one["user"], one["driver"], one["call"], one["outcome"]) for one in lines] == [
        ("mockuser", "mock", "create_key", "done"),
        ("mockuser", "mock", "destroy_key", "not_found"),
    ]


def test_an_extension_whose_table_is_wrong_keeps_the_server_from_starting(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('[server]\nextensions = ["audit"]\n', "utf-8")
    environment = installed(tmp_path / "site", "deltacloud-audit")
    with pytest.raises(NotStarted, match=r"its settings \[extensions.audit\] are wrong"):
        Deltacloudd(tmp_path)("-c", str(settings), environment=environment)


def test_the_policy_lets_read_and_refuses_to_change(deltacloudd: Deltacloudd, tmp_path: Path) -> None:
    environment = installed(tmp_path / "site", "deltacloud-readonly")
    user = Caller(deltacloudd("--extensions", "readonly", environment=environment), "mockuser", "mockpassword")
    assert user("GET", "/keys")[0] == 200
    status, document = user("POST", "/keys", b"name=fresh")
    assert (status, document["message"]) == (403, "Nothing can be changed through this server")
    assert user("GET", "/keys/fresh")[0] == 404


def test_the_front_end_is_served_beside_the_api(deltacloudd: Deltacloudd, tmp_path: Path) -> None:
    environment = installed(tmp_path / "site", "deltacloud-names")
    gateway = deltacloudd("-f", "deltacloud,names", environment=environment)
    with urlopen(f"{gateway.url}/names", timeout=30) as answer:
        assert "mock" in str(answer.read(), "utf-8").splitlines()
        assert answer.headers["X-Request-Id"]
