"""Ids that want to be paths name nothing, and DigitalOcean is asked nothing that begins with them."""

from __future__ import annotations

from typing import Any

import pytest

from digitaloceancloud.asking import IMAGE, SIZE, Gateway

STRANGE = {
    "dot": ".",
    "dots": "..",
    "encoded dots": "%2e%2e",
    "dots behind": "1%2F..",
    "dots before": "..%2F..%2Fdroplets",
    "slash": "%2F",
    "two slashes": "1%2F%2F2",
    "encoded slash": "1%252F2",
    "action": "1%2Factions",
    "query": "1%3Fpage=2",
    "fragment": "1%23",
    "nul": "1%00",
    "line break": "1%0D%0AX-Injected:%20yes",
    "line at the end": "1%0A",
    "space": "%20",
    "other digits": "%D9%A1%D9%A2",
    "minus": "-1",
    "huge": "9" * 300,
}
COLLECTIONS = (
    "instances", "images", "keys", "firewalls", "addresses", "load_balancers", "networks", "storage_volumes",
    "storage_snapshots", "realms", "hardware_profiles", "metrics",
)  # fmt: skip
LISTS = {"regions_list", "sizes_list"}
"""What is read out of lists, whose requests hold no ids."""


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_a_strange_id_names_nothing_and_is_not_sent(api: Gateway, strange: str) -> None:
    answers = {one: api.ask("GET", f"/{one}/{strange}").status for one in COLLECTIONS}
    assert {one: status for one, status in answers.items() if status != 404} == {}
    assert set(api.cloud.seen) <= LISTS


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_nothing_is_changed_by_a_strange_id(api: Gateway, strange: str) -> None:
    for one in COLLECTIONS[:9]:
        expected = (403, 404) if one == "instances" else (404,)
        assert api.ask("DELETE", f"/{one}/{strange}").status in expected, one
    for path in (
        f"/instances/{strange}/stop", f"/storage_volumes/{strange}/detach", f"/addresses/{strange}/disassociate",
        f"/firewalls/{strange}/rules",
    ):  # fmt: skip
        answer = api.ask("POST", path, protocol="tcp", port_from=1, port_to=2, ip_address1="10.0.0.0/8")
        assert answer.status in (403, 404), path
    assert api.cloud.seen == []


@pytest.mark.parametrize("strange", ["..", "../droplets", "1/actions", "1\r\nX: y", "\x00"])
def test_a_strange_id_in_a_form_reaches_no_other_path(api: Gateway, strange: str) -> None:
    """What is made of something names it in a path, or in a body that DigitalOcean reads."""
    common = {"image_id": IMAGE, "hwp_id": SIZE}
    forms: dict[str, dict[str, Any]] = {
        "/images": {"instance_id": strange},
        "/storage_snapshots": {"volume_id": strange},
        "/storage_volumes": {"snapshot_id": strange},
        "/instances": {**common, "firewalls1": strange},
        "/networks": {"realm_id": strange},
    }
    for path, form in forms.items():
        assert api.ask("POST", path, **form).status == 404, path
    assert set(api.cloud.seen) <= LISTS
