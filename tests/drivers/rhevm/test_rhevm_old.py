"""Version 3 of the API, beyond what was recorded: the calls that the recordings lack, and what it does not have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loopback import Asked, Backend, reply
from ovirtapi import Api

CENTER, CLUSTER, MACHINE, NETWORK = "c-1", "k-1", "m-1", "n-1"
NIC = f'<nic id="i-1"><name>nic1</name><network id="{NETWORK}"/><mac address="00:1a"/></nic>'
ANSWERS = {
    "/datacenters": f'<data_centers><data_center id="{CENTER}"><name>two words</name></data_center></data_centers>',
    "/clusters": f'<clusters><cluster id="{CLUSTER}"><name>a</name><data_center id="{CENTER}"/></cluster>'
    '<cluster id="k-2"><name>b</name><data_center id="another"/></cluster></clusters>',
    f"/clusters/{CLUSTER}/networks": f'<networks><network id="{NETWORK}"><name>rhevm</name><status><state>operational'
    '</state></status></network><network id="n-2"><name>x</name><status><state>non_operational</state></status>'
    "</network></networks>",
    "/vms": f'<vms><vm id="{MACHINE}"><name>m</name><status><state>%s</state></status></vm></vms>',
    f"/vms/{MACHINE}": f'<vm id="{MACHINE}"><name>m</name><status><state>%s</state></status></vm>',
    f"/vms/{MACHINE}/nics": f"<nics>{NIC}</nics>",
}


class Old:
    """An engine of RHEV 3.x with one machine."""

    def __init__(self) -> None:
        self.status = "down"
        self.action = "complete"
        self.backend = Backend(self.answer)

    def answer(self, asked: Asked) -> list[bytes]:
        path = asked.path.removeprefix("/api").partition("?")[0]
        if asked.method == "POST" and path == f"/vms/{MACHINE}/nics":
            return reply(NIC.encode(), "201 Created", Content_Type="application/xml")
        if asked.method == "POST":
            body = f"<action><status><state>{self.action}</state></status></action>"
            return reply(body.encode(), Content_Type="application/xml")
        if path not in ANSWERS:
            return reply(b"<html>404</html>", "404 Not Found", Content_Type="text/html")
        text = ANSWERS[path]
        return reply((text % self.status if "%s" in text else text).encode(), Content_Type="application/xml")


@pytest.fixture
def old() -> Iterator[Old]:
    engine = Old()
    yield engine
    engine.backend.close()


def api_of(old: Old, further: str = "") -> Api:
    return Api(f"{old.backend.url()}/api{further}", {"api-version": 3})


def test_machines_are_started_and_stopped(old: Old) -> None:
    api = api_of(old)
    assert api.post(f"/instances/{MACHINE}/start").status in (200, 303)
    old.status = "up"
    assert api.post(f"/instances/{MACHINE}/stop").status in (200, 303)
    posts = [(one.path, one.body) for one in old.backend.asked if one.method == "POST"]
    assert posts == [(f"/api/vms/{MACHINE}/start", b"<action />"), (f"/api/vms/{MACHINE}/shutdown", b"<action />")]


def test_an_action_that_failed_without_a_fault_is_500(old: Old) -> None:
    old.action = "failed"
    answer = api_of(old).post(f"/instances/{MACHINE}/start")
    assert (answer.status, answer.json["message"]) == (500, "The provider could not start the instance")


def test_networks_that_work_and_interfaces_are_shown_and_made(old: Old) -> None:
    api = api_of(old)
    assert [one["name"] for one in api.get("/networks").json["networks"]] == ["rhevm"]
    (interface,) = api.get("/network_interfaces").json["network_interfaces"]
    assert (interface["network"]["id"], interface["instance"]["id"]) == (NETWORK, MACHINE)
    made = api.post("/network_interfaces", instance=MACHINE, network=NETWORK, name="nic1")
    assert (made.status, made.json["network_interface"]["network"]["id"]) == (201, NETWORK)
    (post,) = [one for one in old.backend.asked if one.method == "POST"]
    assert post.body == b'<nic><name>nic1</name><network id="n-1" /></nic>'


def test_clusters_of_other_data_centres_are_dropped_and_names_are_quoted(old: Old) -> None:
    assert [one["name"] for one in api_of(old).get("/realms").json["realms"]] == ["a"]
    assert any("search=datacenter%3D%22two+words%22" in one.path for one in old.backend.asked)


def test_in_the_view_of_users_nothing_is_searched(old: Old) -> None:
    assert api_of(old, ";;USER").get("/realms").status == 200
    assert {one.headers.get("filter") for one in old.backend.asked} == {"true"}
    assert not [one for one in old.backend.asked if "search" in one.path]


def test_what_it_has_not_is_not_offered(old: Old) -> None:
    old.status = "up"
    api = api_of(old)
    assert [one["rel"] for one in api.get(f"/instances/{MACHINE}").json["instance"]["actions"]] == ["stop"]
    assert api.get("/storage_volumes").status in (404, 412)
    assert api.post(f"/instances/{MACHINE}/reboot").status == 412
    assert "storage_volumes" not in [link["rel"] for link in api.get("").json["api"]["links"]]
    assert api.post("/instances", image_id="t", public_key="ssh-ed25519 AAAA").status == 400
