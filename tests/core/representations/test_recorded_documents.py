"""The recorded documents that are not made of one collection's models: entry points, drivers, states, errors.

What is recorded about the drivers of the historical server is read back into facts and models, and our documents of
these are compared with the recording, byte by byte in XML.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from lxml import etree

from deltacloud.api.representations import (
    REPRESENTATIONS,
    AdvertisedFeatures,
    DriverFacts,
    EntryPoint,
    ErrorFacts,
    View,
    driver_json,
    driver_xml,
    drivers_json,
    drivers_xml,
    entry_point_json,
    entry_point_xml,
    error_json,
    error_xml,
    states_json,
    states_xml,
)
from deltacloud.driver import CredentialFields
from deltacloud.features import KNOWN, Feature
from deltacloud.hardware import HardwareProperty
from deltacloud.models import HardwareProfile, Provider
from deltacloud.states import StateMachine
from recordings import Golden

API = "http://localhost:3001/api"

DRIVERS = (
    "arubacloud",
    "azure",
    "condor",
    "digitalocean",
    "ec2",
    "eucalyptus",
    "fgcp",
    "gogrid",
    "google",
    "mock",
    "opennebula",
    "profitbricks",
    "rackspace",
    "rhevm",
    "rimuhosting",
    "sbc",
    "terremark",
    "vsphere",
)
WITH_STATES = [name for name in DRIVERS if name not in {"azure", "google"}]
WITH_PROFILES = ["arubacloud", "ec2", "eucalyptus", "mock", "profitbricks", "rhevm", "sbc", "terremark"]
SHOWN = [name for name in DRIVERS if name not in {"ec2", "google"}]


def _entry_point(recorded: str) -> EntryPoint:
    """What a recorded entry point shows, in another order than it shows it."""
    api = json.loads(recorded)["api"]
    features: dict[str, Feature] = {}
    for link in reversed(api["links"]):
        for (feature,) in reversed(link["features"]):
            constraints = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in feature["constraints"].items()
            }
            features[feature["name"]] = KNOWN[feature["name"]].constrained(**constraints)
    return EntryPoint(
        api=API,
        driver=api["driver"],
        provider=None if api["provider"] == "default" else api["provider"],
        collections=[link["rel"] for link in reversed(api["links"])],
        features=AdvertisedFeatures(tuple(features.values())),
    )


ENTRY_POINTS = [f"driver_select.header.api.{name}" for name in DRIVERS] + [
    "mockplus.api.show",
    "api.show.force_auth.ok",
]


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_entry_points_show_collections_and_features_as_recorded(name: str, golden: Golden) -> None:
    entry = _entry_point(golden(f"{name}.json"))
    ours = json.loads(entry_point_json(entry))
    implementation = ours["api"].pop("implementation")
    assert set(implementation) == {"name", "version"}
    assert json.dumps(ours) == json.dumps(json.loads(golden(f"{name}.json")))
    written = re.sub(r" implementation='[^']+/[^']+'", "", entry_point_xml(entry).decode(), count=1)
    assert written == golden(f"{name}.xml")


def test_a_provider_is_named_when_one_is_set(golden: Golden) -> None:
    entry = _entry_point(golden("driver_select.matrix.query_and_format"))
    assert entry.provider == "p1"
    assert entry_point_xml(entry).decode().startswith("<api driver='mock' implementation='")
    assert " provider='p1' version='1.1.3'>\n" in entry_point_xml(entry).decode()
    assert json.loads(entry_point_json(entry))["api"]["provider"] == "p1"


def test_features_without_an_operation_or_outside_the_vocabulary_are_not_shown() -> None:
    stray = Feature(name="first_boot_dev", collection="instances", operation="create", parameters=(), help="")
    entry = EntryPoint(
        api=API,
        driver="tiny",
        collections=["instances"],
        features=AdvertisedFeatures((stray, KNOWN["hardware_profiles"])),
    )
    assert json.loads(entry_point_json(entry))["api"]["links"][0]["features"] == []


def test_tags_are_a_feature_of_every_collection_that_has_them() -> None:
    entry = EntryPoint(
        api=API, driver="tiny", collections=["images", "instances"], features=AdvertisedFeatures((KNOWN["tags"],))
    )
    assert entry_point_xml(entry).decode().count("<param name='tag_*' />") == 2


def _driver(name: str, fields: dict[str, Any]) -> DriverFacts:
    """A driver as the recorded JSON knows it."""
    by_provider: dict[str, list[tuple[str, str]]] = {}
    for kind, urls in fields.get("entrypoints", {}).items():
        for provider, url in urls.items():
            by_provider.setdefault(provider, []).append((kind, url))
    labels = CredentialFields(fields["username"], fields["password"]) if "username" in fields else None
    providers = tuple(Provider(id=one, entry_points=tuple(points)) for one, points in by_provider.items())
    return DriverFacts(id=name, title=fields["name"], credentials=labels, providers=providers)


def test_the_list_of_drivers_goes_by_provider_in_xml_and_by_kind_in_json(golden: Golden) -> None:
    recorded = json.loads(golden("drivers.index.json"))
    drivers = [_driver(name, fields) for name, fields in recorded.items()]
    assert drivers_xml(API, drivers).decode() == golden("drivers.index.xml")
    for fields in recorded.values():
        fields.pop("class", None)  # a name inside the historical server
    assert json.loads(drivers_json(API, drivers)) == recorded


@pytest.mark.parametrize("name", SHOWN)
def test_a_driver_shows_its_entry_points_as_recorded(name: str, golden: Golden) -> None:
    recorded = json.loads(golden(f"drivers.show.{name}.json"))["driver"]
    driver = _driver(name, recorded)
    assert driver_xml(API, driver).decode() == golden(f"drivers.show.{name}.xml")
    recorded.pop("class", None)
    assert json.loads(driver_json(API, driver)) == {"driver": recorded}


def test_providers_asked_from_the_cloud_get_the_url_that_selects_them() -> None:
    provider = Provider(id="7", name="East & West", value="https://cloud.example.com/api;7")
    driver = DriverFacts(id="rhevm", title="RHEVM", providers=(provider,), asked=True)
    url = f"{API};provider=https:%2F%2Fcloud.example.com%2Fapi%3B7"
    assert f"<entrypoint kind='East &amp; West'>{url}</entrypoint>" in driver_xml(API, driver).decode()
    assert json.loads(driver_json(API, driver))["driver"]["entrypoints"] == {"East & West": {"7": url}}


def test_a_driver_that_does_not_load_says_why_and_the_others_are_listed() -> None:
    drivers = [DriverFacts(id="broken", title="broken", error="no module <x>"), DriverFacts(id="mock", title="Mock")]
    index = etree.fromstring(drivers_xml(API, drivers))
    assert index.xpath("driver[@id='broken']/error/text()") == ["no module <x>"]
    assert index.xpath("driver[@id='mock']/error") == []
    assert json.loads(drivers_json(API, drivers))["broken"]["error"] == "no module <x>"
    assert etree.fromstring(driver_xml(API, drivers[0])).findtext("error") == "no module <x>"


def test_a_driver_tells_its_limitations_on_its_own_page() -> None:
    driver = DriverFacts(id="tiny", title="Tiny", limitations=("No networks.", "Slow."))
    assert etree.fromstring(driver_xml(API, driver)).xpath("limitation/text()") == ["No networks.", "Slow."]
    assert json.loads(driver_json(API, driver))["driver"]["limitations"] == ["No networks.", "Slow."]
    assert "limitations" not in json.loads(drivers_json(API, [driver]))["tiny"]


def _machine(recorded: str) -> StateMachine:
    rows: list[Any] = []
    for state in etree.fromstring(recorded):
        rows += [(state.get("name"), row.get("action"), row.get("to")) for row in state]
    return StateMachine(*rows)


@pytest.mark.parametrize("name", WITH_STATES)
def test_state_machines_are_laid_out_as_recorded(name: str, golden: Golden) -> None:
    recorded = golden(f"driver_select.header.instance_states.{name}.xml")
    # The order of states that nothing leaves is not told by transitions.
    ours = states_xml(_machine(recorded)).decode()
    assert sorted(ours.removesuffix("</states>\n").split("  <state ")) == sorted(
        recorded.removesuffix("</states>\n").split("  <state ")
    )


def test_states_stand_in_the_order_of_the_table(golden: Golden) -> None:
    recorded = golden("instance_states.index.xml")
    assert states_xml(_machine(recorded)).decode() == recorded


def test_state_machines_in_json_have_the_recorded_members(golden: Golden) -> None:
    machine = _machine(golden("instance_states.index.xml"))
    assert states_json(machine).decode() == golden("instance_states.index.json")


def _number(text: str) -> int | float | str:
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def _property(element: Any) -> HardwareProperty:
    bounds = element.find("range")
    first, last = (None, None) if bounds is None else (_number(bounds.get("first")), _number(bounds.get("last")))
    entries = tuple(_number(entry.get("value")) for entry in element.iterfind("enum/entry"))
    value = _number(element.get("value"))
    return HardwareProperty(element.get("name"), element.get("kind"), value, first, last, entries)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WITH_PROFILES)
def test_the_hardware_profiles_of_every_driver_are_laid_out_as_recorded(name: str, golden: Golden) -> None:
    recorded = golden(f"driver_select.header.hardware_profiles.{name}.xml")
    profiles = [
        HardwareProfile(id=one.get("id"), properties=tuple(_property(each) for each in one.iterfind("property")))
        for one in etree.fromstring(recorded.encode())
    ]
    written = REPRESENTATIONS["hardware_profiles"].xml_list(View(API), profiles).decode()
    assert written == re.sub(r"value='(\d+)\.0'", r"value='\1'", recorded)


def _error(message: str, error: str, status: int, url: str, **parameters: str) -> ErrorFacts:
    return ErrorFacts(
        status=status,
        url=url,
        message=message,
        error=error,
        code="a_word",
        request_id="0123",
        driver="mock",
        parameters=tuple(parameters.items()),
    )


ERRORS = {
    "errors.404.instance": _error("Not Found", "ObjectNotFound", 404, "/api/instances/nosuch", id="nosuch"),
    "errors.401.noauth": _error("Unauthorized", "AuthenticationFailure", 401, "/api/instances"),
    "errors.403.action_on_unknown_instance": _error(
        "Forbidden", "ForbiddenError", 403, "/api/instances/nosuch/stop", id="nosuch"
    ),
    "errors.400.bad_hwp": _error(
        "Hardware profile 'nosuch' does not exists.",
        "ValidationFailure",
        400,
        "/api/instances",
        image_id="img1",
        hwp_id="nosuch",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_error_documents_are_laid_out_as_recorded(name: str, golden: Golden) -> None:
    # The historical server listed parameters of its own router, and declared the document to be XML.
    recorded = re.sub(r" *<param name='(splat|captures)'>.*</param>\n", "", golden(f"{name}.xml"))
    recorded = recorded.removeprefix("<?xml version='1.0' encoding='utf-8' ?>\n")
    ours = error_xml(ERRORS[name]).decode()
    assert ours.startswith("<error ")
    assert re.sub(r" (error_code|request_id|retryable)='[^']*'", "", ours) == recorded
    expected = json.loads(golden(f"{name}.json"))
    document = json.loads(error_json(ERRORS[name]))
    assert {member: document[member] for member in expected} == expected


def test_a_parameter_is_quoted_in_an_error_document(golden: Golden) -> None:
    facts = _error("Not Found", "ObjectNotFound", 404, "/api/instances/%3Cb%3E%26%22x", id='<b>&"x')
    line = """    <param name='id'><![CDATA["<b>&\\"x"]]></param>\n"""
    assert line in golden("errors.xml_escaping")
    assert line in error_xml(facts).decode()
