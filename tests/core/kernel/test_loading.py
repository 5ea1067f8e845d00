"""Drivers are found without being imported, and a broken one is a report, never a failure of the server."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from deltacloud.errors import DriverUnavailable, InvalidRequest
from deltacloud.kernel import GatewaySettings, Kernel

Install = Callable[..., None]
GROUP = "deltacloud.drivers"
HEAD = "from deltacloud.driver import Driver, Settings\nfrom deltacloud.models import *\n"


def reason(kernel: Kernel, name: str) -> str:
    found = kernel.check_driver(name)
    assert found is not None
    return found


@pytest.mark.usefixtures("good")
def test_a_driver_is_found_but_not_imported_until_it_is_used() -> None:
    kernel = Kernel(GatewaySettings())
    assert "good" in kernel.known_drivers()
    assert "deltacloud_good_module" not in sys.modules
    assert kernel.drivers.get("good").kind.title == "Good Cloud"
    assert "deltacloud_good_module" in sys.modules


@pytest.mark.usefixtures("good")
def test_a_report_names_distribution_version_and_collections() -> None:
    report = Kernel(GatewaySettings()).drivers.report("good")
    assert (report.distribution, report.version, report.error) == ("deltacloud-good", "1.0", None)
    assert report.collections == ("drivers", "instances", "realms")


def test_an_unknown_driver_is_answered_with_the_installed_ones_and_what_to_install() -> None:
    with pytest.raises(InvalidRequest, match=r"Driver 'ec2x' is not available .*mock.*deltacloud-ec2x"):
        Kernel(GatewaySettings()).drivers.get("ec2x")


BROKEN = {
    "does not import": ("import nothing_of_this_name", "nothing_of_this_name"),
    "is no driver": ("class Broken: pass", "no subclass"),
    "has no title": ('class Broken(Driver):\n    name = "broken"\n    contract = 1', "does not declare title"),
    "speaks another contract": (
        'class Broken(Driver):\n    name, title, contract = "broken", "B", 7',
        "contract 7, and this core speaks 1",
    ),
    "is called otherwise": (
        'class Broken(Driver):\n    name, title, contract = "other", "B", 1',
        "its entry point is called 'broken'",
    ),
    "misspells a hook": (
        (
            'class Broken(Driver):\n    name, title, contract = "broken", "B", 1\n'
            "    def list_instnaces(self, context):\n        return ()"
        ),
        "list_instnaces is no hook; did you mean list_instances",
    ),
    "invents an argument": (
        (
            'class Broken(Driver):\n    name, title, contract = "broken", "B", 1\n'
            "    def list_instances(self, context, colour):\n        return ()"
        ),
        "colour",
    ),
    "gives an argument a default": (
        (
            'class Broken(Driver):\n    name, title, contract = "broken", "B", 1\n'
            "    def list_instances(self, context, filters=None):\n        return ()"
        ),
        "'filters' must not have a default",
    ),
    "withdraws what is no hook": (
        (
            'class Broken(Driver):\n    name, title, contract = "broken", "B", 1\n'
            '    withdrawn = frozenset({"list_instanced"})'
        ),
        "did you mean list_instances",
    ),
    "fails when it is made": (
        (
            'class Broken(Driver):\n    name, title, contract = "broken", "B", 1\n'
            '    def __init__(self, settings):\n        raise RuntimeError("no disk")'
        ),
        "no disk",
    ),
}


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize("case", BROKEN)
def test_a_driver_that(case: str, install: Install) -> None:
    source, expected = BROKEN[case]
    install("deltacloud-broken", {GROUP: {"broken": "deltacloud_broken_module:Broken"}}, HEAD + source)
    kernel = Kernel(GatewaySettings())
    assert expected in reason(kernel, "broken")
    with pytest.raises(DriverUnavailable, match="Driver 'broken' does not load"):
        kernel.drivers.get("broken")
    assert [one.name for one in kernel.driver_reports() if one.name in ("broken", "good")] == ["broken", "good"]
    assert kernel.check_driver("good") is None


@pytest.mark.usefixtures("good")
def test_a_name_that_two_distributions_claim_is_answered_by_neither(install: Install) -> None:
    source = HEAD + 'class Twin(Driver):\n    name, title, contract = "good", "Twin", 1\n'
    install("deltacloud-twin", {GROUP: {"good": "deltacloud_twin_module:Twin"}}, source)
    kernel = Kernel(GatewaySettings())
    assert "claimed by deltacloud-" in reason(kernel, "good")
    assert set(kernel.drivers.report("good").distribution.split(", ")) == {"deltacloud-good", "deltacloud-twin"}
    chosen = Kernel(GatewaySettings(distributions={"good": "deltacloud-twin"}))
    assert chosen.drivers.get("good").kind.title == "Twin"


SETTINGS = """
from typing import Annotated
from deltacloud.driver import Driver, Settings, from_environment

class Own(Settings):
    colour: Annotated[str, from_environment("BROKEN_COLOUR")] = "red"
    size: int = 1

class Broken(Driver):
    name, title, contract, settings = "broken", "B", 1, Own
    def list_realms(self, context):
        return ()
    def __init__(self, settings):
        super().__init__(settings)
        self._colour = settings.colour
"""


def test_settings_come_from_the_table_then_the_environment_then_the_default(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("deltacloud-broken", {GROUP: {"broken": "deltacloud_broken_module:Broken"}}, SETTINGS)

    def colour(table: dict[str, object]) -> str:
        driver = Kernel(GatewaySettings(drivers={"broken": table})).drivers.get("broken")
        plugin = next(iter(driver.plugins.get_plugins()))
        return str(vars(plugin)["_colour"])

    assert colour({}) == "red"
    monkeypatch.setenv("BROKEN_COLOUR", "green")
    assert colour({}) == "green"
    assert colour({"colour": "blue"}) == "blue"


@pytest.mark.parametrize(("table", "named"), [({"colr": "x"}, "colr"), ({"size": "big"}, "size")])
def test_wrong_settings_are_a_failure_to_load_that_names_the_key(
    install: Install, table: dict[str, object], named: str
) -> None:
    install("deltacloud-broken", {GROUP: {"broken": "deltacloud_broken_module:Broken"}}, SETTINGS)
    kernel = Kernel(GatewaySettings(drivers={"broken": table}))
    text = reason(kernel, "broken")
    assert "[drivers.broken]" in text
    assert named in text


@pytest.mark.parametrize(("kind", "loads"), [("default", True), ("ec2", False)])
def test_only_an_entry_point_of_the_kind_default_may_be_a_form_instead_of_a_place(
    install: Install, kind: str, loads: bool
) -> None:
    source = (
        f'{HEAD}class Broken(Driver):\n    name, title, contract = "broken", "B", 1\n'
        f'    providers = Providers(names=(Provider(id="default", entry_points=(("{kind}", "ec2=HOST[:PORT]"),)),))\n'
        "    def list_realms(self, context):\n        return ()"
    )
    source = f"from deltacloud.providers import Providers\n{source}"
    install("deltacloud-broken", {GROUP: {"broken": "deltacloud_broken_module:Broken"}}, source)
    assert (Kernel(GatewaySettings()).check_driver("broken") is None) == loads
