"""The examples of the documentation work: drivers, an extension and a front end, each in a real server."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from docexamples import installed
from fakecloud import FakeCloud, running
from gateway import Deltacloudd, Gateway, NotStarted


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


# What the template makes


@pytest.fixture(scope="module")
def pine() -> Iterator[FakeCloud]:
    with running() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def ann(pine: FakeCloud, deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Caller:
    environment = installed(tmp_path_factory.mktemp("pine"), "deltacloud-pine") | {"PINE_PAGE_SIZE": "2"}
    gateway = deltacloudd("--workers", "1", driver="pine", environment=environment)
    return Caller(gateway, "ann", "key-of-ann", (("X-Deltacloud-Provider", pine.url),))


def test_the_driver_loads_nothing_for_the_list_of_drivers(ann: Caller) -> None:
    _, drivers = ann("GET", "/drivers")
    assert drivers["pine"]["username"] == "Account"


def test_a_list_is_followed_through_all_pages_of_the_cloud(ann: Caller, pine: FakeCloud) -> None:
    pine.asked.clear()
    _, document = ann("GET", "/images")
    assert [one["id"] for one in document["images"]] == [f"image-{number}" for number in range(1, 6)]
    assert pine.asked.count("GET /v1/images") == 3


def test_no_more_pages_are_asked_for_than_are_wanted(ann: Caller, pine: FakeCloud) -> None:
    pine.asked.clear()
    _, document = ann("GET", "/images?limit=1")
    assert [one["id"] for one in document["images"]] == ["image-1"]
    assert pine.asked.count("GET /v1/images") == 1


def test_a_token_is_kept_for_its_caller_and_renewed_when_it_is_refused(ann: Caller, pine: FakeCloud) -> None:
    ann("GET", "/realms")
    pine.asked.clear()
    assert ann("GET", "/realms")[0] == 200
    assert "POST /v1/login" not in pine.asked
    pine.tokens.clear()
    assert ann("GET", "/realms")[0] == 200
    assert pine.asked.count("POST /v1/login") == 1


def test_an_upload_that_is_refused_for_its_token_is_not_sent_twice(ann: Caller, pine: FakeCloud) -> None:
    ann("POST", "/buckets", b"name=refused")
    pine.tokens.clear()
    assert ann("PUT", "/buckets/refused/a", b"content", Content_Type="text/plain")[0] == 401
    assert ann("PUT", "/buckets/refused/a", b"content", Content_Type="text/plain")[0] == 200


def test_sizes_are_asked_for_once_for_everybody(ann: Caller, pine: FakeCloud) -> None:
    ann("GET", "/hardware_profiles")
    pine.asked.clear()
    _, document = ann("GET", "/hardware_profiles")
    assert document["hardware_profiles"][1]["properties"] == {"cpu": "2", "memory": "4096", "storage": "40"}
    assert pine.asked == []


def test_an_instance_lives_as_the_driver_declares(ann: Caller) -> None:
    created, document = ann("POST", "/instances", b"image_id=image-1&hwp_id=size-01&name=web")
    assert (created, document["instance"]["state"], document["instance"]["actions"]) == (201, "PENDING", [])
    path = f"/instances/{document['instance']['id']}"
    assert [one["rel"] for one in ann("GET", path)[1]["instance"]["actions"]] == ["stop", "reboot", "destroy"]
    assert ann("POST", f"{path}/stop")[1]["state"] == "STOPPED"
    assert ann("POST", f"{path}/stop")[0] == 405
    assert ann("POST", f"{path}/start")[1]["state"] == "PENDING"
    assert ann("GET", path)[1]["instance"]["state"] == "RUNNING"
    assert ann("DELETE", path)[0] == 204


def test_what_is_declared_is_checked_before_the_cloud_is_asked(ann: Caller, pine: FakeCloud) -> None:
    pine.asked.clear()
    assert ann("POST", "/instances", b"image_id=image-1&name=" + b"x" * 61)[0] == 400
    assert "POST /v1/servers" not in pine.asked


def test_the_clouds_word_for_an_error_is_translated_and_shown(ann: Caller) -> None:
    status, document = ann("POST", "/instances", b"image_id=nothing")
    assert (status, document["error_code"], document["backend_code"]) == (404, "not_found", "no_such_thing")


def test_an_id_is_never_a_step_in_a_path(ann: Caller, pine: FakeCloud) -> None:
    pine.asked.clear()
    assert ann("DELETE", "/buckets/%2E%2E/servers")[0] in (404, 405)
    assert ann("GET", "/instances/%2E%2E")[0] == 404
    assert [one for one in pine.asked if ".." in one or one == "GET /v1/"] == []


def test_wrong_credentials_and_a_missing_provider_are_refused(ann: Caller) -> None:
    assert Caller(ann.gateway, "ann", "wrong", ann.headers)("GET", "/realms")[0] == 401
    status, document = Caller(ann.gateway, "ann", "key-of-ann")("GET", "/realms")
    assert (status, document["message"][:22]) == (400, "A provider is required")


def test_a_file_goes_up_and_comes_down_with_its_labels_and_in_parts(ann: Caller) -> None:
    ann("POST", "/buckets", b"name=letters")
    content, colour = b"0123456789" * 30_000, "grün".encode().decode("latin-1")
    sent = {"Content_Type": "text/plain", "X_Deltacloud_Blobmeta_Colour": colour}
    status, document = ann("PUT", "/buckets/letters/a%2Fb", content, **sent)
    assert (status, document["blob"]["user_metadata"]) == (200, {"colour": "grün"})
    assert ann.raw("GET", "/buckets/letters/a%2Fb/content") == (200, content)
    assert ann.raw("GET", "/buckets/letters/a%2Fb/content", Range="bytes=10-13") == (206, b"0123")
    assert [one["id"] for one in ann("GET", "/buckets/letters?prefix=a")[1]["bucket"]["blob_list"]] == ["a/b"]
    assert ann("GET", "/buckets/letters?prefix=b")[1]["bucket"]["blob_list"] == []


def test_the_key_of_an_account_is_in_no_log(ann: Caller) -> None:
    assert "key-of-ann" not in ann.gateway.log.read_text("utf-8")


# The extension and the front end


EXTENSIONS = (Path(__file__).parents[2] / "docs" / "extensions.md").read_text("utf-8")


def test_the_audit_extension_writes_what_the_page_says_with_the_settings_that_it_shows(
    deltacloudd: Deltacloudd, tmp_path: Path
) -> None:
    (settings,) = re.findall(r"^```toml\n(\[server\]\n.*?)^```$", EXTENSIONS, re.MULTILINE | re.DOTALL)
    assert settings.count("/var/log/deltacloud/audit.log") == 1
    config, log = tmp_path / "config.toml", tmp_path / "audit.log"
    config.write_text(settings.replace("/var/log/deltacloud/audit.log", str(log)), "utf-8")
    environment = installed(tmp_path / "site", "deltacloud-audit")
    user = Caller(deltacloudd("-c", str(config), environment=environment), "mockuser", "mockpassword")
    user("GET", "/instances")
    user("POST", "/keys", b"name=fresh")
    user("DELETE", "/keys/nothing")
    (printed,) = re.findall(r"^```text\n(\{.*?)^```$", EXTENSIONS, re.MULTILINE | re.DOTALL)
    wanted, written = ([json.loads(line) for line in text.splitlines()] for text in (printed, log.read_text("utf-8")))
    assert [list(one) for one in written] == [list(one) for one in wanted]
    for passing, form in (("time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), ("request", "[0-9a-f]{24}")):
        assert all(re.fullmatch(form, one.pop(passing)) for one in [*wanted, *written])
    assert written == wanted


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
