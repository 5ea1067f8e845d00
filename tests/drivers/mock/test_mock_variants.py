"""The two test-only drivers that are made of the mock driver: one with more data, one with fewer collections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deltacloud.inputs import Command, NewFirewall, NewLoadBalancer
from deltacloud.kernel import GatewaySettings, Kernel
from deltacloud.models import Listener
from mockcloud import Cloud

variants = pytest.importorskip("deltacloud_testdrivers", reason="tests/drivers/testdrivers is not installed")
ACCOUNT = "297467797945"


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    """A kernel whose mock drivers all have one directory in their settings."""
    tables = {name: {"storage": str(tmp_path / "shared")} for name in ("mock", "mockplus", "lean")}
    kernel = Kernel(GatewaySettings(drivers=tables))
    yield kernel
    kernel.close()


@pytest.fixture
def mockplus(cloud: Cloud) -> Cloud:
    """A ``mockplus`` on a directory of its own."""
    cloud.driver = variants.MockPlusDriver(cloud.driver._settings)
    return cloud


@pytest.mark.parametrize("name", ["mock", "mockplus", "lean"])
def test_each_is_found_and_loaded_by_the_kernel(kernel: Kernel, name: str) -> None:
    assert kernel.check_driver(name) is None
    assert kernel.drivers.get(name).kind.title in ("Mock", "Mock Plus", "Lean")


def test_lean_has_what_mock_has_but_firewalls_and_load_balancers(kernel: Kernel) -> None:
    mock, lean = kernel.drivers.get("mock"), kernel.drivers.get("lean")
    assert set(mock.collections) - set(lean.collections) == {"firewalls", "load_balancers"}
    missing = mock.hooks - lean.hooks
    assert all("firewall" in hook or "load_balancer" in hook for hook in missing)
    assert len(missing) == 12
    assert set(mock.feature_names) - set(lean.feature_names) == {"firewalls"}


def test_each_keeps_a_state_of_its_own(kernel: Kernel, cloud: Cloud) -> None:
    context = cloud.context()
    for name in ("mock", "mockplus", "lean"):
        made = kernel.drivers.get(name).plugins.invoke("create_address", {"context": context})
        assert made.id == "192.168.0.5"


def test_mock_advertises_the_features_that_clients_of_the_original_know(kernel: Kernel) -> None:
    known = {"metrics", "realm_filter", "user_name", "authentication_key"}
    assert known <= set(kernel.drivers.get("mock").feature_names)


def test_mockplus_holds_what_was_recorded(mockplus: Cloud) -> None:
    inst0, inst1, inst2, inst3 = mockplus.items("list_instances")
    assert inst1.launch_time.isoformat() == "2013-10-01T10:20:30+00:00"
    assert [(one.address, one.type, one.port) for one in inst1.public_addresses] == [
        ("192.0.2.10", "ipv4", None),
        ("192.0.2.10", "vnc", 5900),
        ("00:11:22:33:44:55", "mac", None),
    ]
    assert (inst1.username, inst1.password.reveal(), inst1.firewall_ids) == ("root", "s3cr3t", ("default", "empty"))
    assert inst1.storage_volumes == (("vol3", "/dev/sda1"),)
    assert inst2.authentication_error == "Key could not be injected"
    assert (inst0.firewall_ids, inst3.key_name) == (None, "")
    default, empty = mockplus.items("list_firewalls")
    assert [rule.id for rule in default.rules] == [
        f"{ACCOUNT}~tcp~22~22~@address,ipv4,0.0.0.0,0",
        f"{ACCOUNT}~udp~53~53~@group,{ACCOUNT},dns@address,ipv4,10.1.1.0,24",
    ]
    assert (empty.description, empty.rules, empty.owner_id) == ("no rules <&> here", (), ACCOUNT)
    (balancer,) = mockplus.items("list_load_balancers")
    assert (balancer.id, balancer.public_addresses) == ("lb1", ("lb1-1234.elb.example.com",))
    assert balancer.instances == (inst0,)
    assert mockplus.content("bucket1", "blob1") == b"content of blob 1"


def test_mockplus_answers_as_it_was_recorded(mockplus: Cloud) -> None:
    instance = mockplus.call("get_instance", instance_id="inst1")
    said = mockplus.call("run_on_instance", instance=instance, command=Command(command="uptime"))
    assert (said.address, said.output) == ("192.0.2.10", "output of uptime\n")
    made = mockplus.call("create_firewall", new=NewFirewall(name="gfw", description="golden firewall"))
    assert made.owner_id == ACCOUNT
    for protocol in ("HTTP", "TCP"):
        listener = Listener(protocol=protocol, load_balancer_port=443, instance_port=8443)
        new = NewLoadBalancer(name="glb", realm_id="eu", listeners=(listener,))
        balancer = mockplus.call("create_load_balancer", new=new)
        assert balancer.listeners[0].protocol == protocol
        assert balancer.created_at.isoformat() == "2013-10-01T10:20:30+00:00"
