"""Providers: installations, their data centres, and whose view."""

from __future__ import annotations

import pytest

from deltacloud_rhevm.endpoints import API, DATA_CENTER, OLD_API, VIEW, parse
from ovirtapi import Api
from ovirtcloud import ADMIN, JANE, Engine

HOST = "https://rhevm.example.com"
CENTER = "645e425e-66fe-4ac9-8874-537bd10ef08d"


@pytest.mark.parametrize(
    ("text", "api"),
    [
        (f"{HOST}/ovirt-engine/api", f"{HOST}/ovirt-engine/api"),
        (f"{HOST}/ovirt-engine/api/", f"{HOST}/ovirt-engine/api"),
        (f"{HOST}:8443/api", f"{HOST}:8443/ovirt-engine/api"),
        (f"{HOST}:8443/rhevm-api", f"{HOST}:8443/ovirt-engine/api"),
        (HOST, f"{HOST}/ovirt-engine/api"),
        (f"{HOST}/proxied/ovirt-engine/api", f"{HOST}/proxied/ovirt-engine/api"),
    ],
)
def test_entry_paths_of_older_releases_become_todays(text: str, api: str) -> None:
    assert parse(text).endpoints[API] == api
    assert parse(f"{text};{CENTER}").endpoints[API] == api


def test_version_3_keeps_its_own_paths() -> None:
    assert parse(f"{HOST}:8443/api").endpoints[OLD_API] == f"{HOST}:8443/api"
    assert parse(HOST).endpoints[OLD_API] == f"{HOST}/api"


@pytest.mark.parametrize(
    ("further", "options"),
    [
        ("", {}),
        (f";{CENTER}", {DATA_CENTER: CENTER}),
        (f";{CENTER};USER", {DATA_CENTER: CENTER, VIEW: "user"}),
        (f";{CENTER};user", {DATA_CENTER: CENTER, VIEW: "user"}),
        (f";{CENTER};admin", {DATA_CENTER: CENTER}),
        (";;USER", {VIEW: "user"}),
    ],
)
def test_a_data_centre_and_a_view_may_follow(further: str, options: dict[str, str]) -> None:
    assert dict(parse(f"{HOST}/api{further}").options) == options


@pytest.mark.parametrize("text", [f"{HOST}/other", "rhevm", f"{HOST}/api;a;b;c", "ftp://rhevm.example.com/api"])
def test_what_names_no_installation_is_refused(text: str) -> None:
    answer = Api(text).get("/realms")
    assert answer.status == 400
    assert "URL[;DATACENTER_UUID[;USER]]" in answer.json["message"]


def test_without_a_provider_what_asks_no_engine_works_and_the_rest_is_400() -> None:
    api = Api("")
    for path in ("", "/hardware_profiles", "/instance_states", "/drivers"):
        assert api.get(path).status == 200, path
    answer = api.get("/instances")
    assert answer.status == 400
    assert answer.json["message"].startswith("No API provider set for this request.")


def test_the_data_centres_of_an_installation_are_its_providers(engine: Engine) -> None:
    first, second = engine.state.centers
    document = Api(engine.provider()).client(
        "GET", "/api/drivers/rhevm", accept="application/xml", user=(ADMIN, "admin's own password"),
        X_DELTACLOUD_PROVIDER=engine.provider(1, user=True),
    ).xml  # fmt: skip
    assert [(one.get("id"), one[0].get("kind"), one[0].text) for one in document.findall("provider")] == [
        (first.id, "Default", f"{engine.url};{first.id};USER"),
        (second.id, "South Side", f"{engine.url};{second.id};USER"),
    ]


def test_a_name_with_a_blank_is_searched_for_as_one(engine: Engine) -> None:
    engine.state.add_machine("north")
    engine.state.add_machine("south", cluster=3)
    assert Api(engine.provider(1)).states() == {"south": "STOPPED"}
    searches = [one.query["search"] for one in engine.state.seen if one.path == "/vms"]
    assert searches == ['datacenter="South Side" sortby name asc page 1']


def test_without_a_data_centre_the_first_one_is_meant(engine: Engine) -> None:
    engine.state.add_machine("north")
    engine.state.add_machine("south", cluster=3)
    assert Api(engine.provider()).states() == {"north": "STOPPED"}


def test_a_data_centre_that_is_not_there_is_the_requests_fault(engine: Engine) -> None:
    for unknown in (CENTER, "nothing", "../vms"):
        answer = Api(f"{engine.url};{unknown}").get("/realms")
        assert answer.status == 400, unknown
        assert "no such data centre" in answer.json["message"]


def test_in_the_view_of_users_everybody_sees_their_own_and_nothing_is_searched(engine: Engine) -> None:
    engine.state.add_machine("of-jane", JANE)
    engine.state.add_machine("of-the-admin")
    engine.state.add_machine("of-jane-in-the-south", JANE, cluster=3)
    provider = engine.provider(0, user=True)
    assert Api(provider, user=JANE).states() == {"of-jane": "STOPPED"}
    assert Api(provider).states() == {"of-the-admin": "STOPPED"}
    assert all(one.headers["Filter"] == "true" for one in engine.state.seen)
    assert not [one for one in engine.state.seen if {"search", "max"} & set(one.query)]


def test_without_that_view_a_user_is_told_that_they_may_not(engine: Engine) -> None:
    assert Api(engine.provider(0), user=JANE).get("/instances").status == 403


def test_realms_are_the_clusters_and_down_without_a_host_that_is_up(engine: Engine) -> None:
    realms = Api(engine.provider(0)).get("/realms").json["realms"]
    assert {one["name"]: one["state"] for one in realms} == {
        "alpha": "AVAILABLE", "beta": "AVAILABLE", "empty": "DOWN",
    }  # fmt: skip
    engine.state.centers[0].status = "not_operational"
    realms = Api(engine.provider(0)).get("/realms").json["realms"]
    assert {one["state"] for one in realms} == {"DOWN"}
