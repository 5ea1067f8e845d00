"""What moto does not show: refusals, things that take their time, and what exactly is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest

import sshserver as ssh
from apiclient import Client
from awscloud.accounts import ANY
from awscloud.api import Api
from awscloud.calls import LOOPBACK, Hooks
from awscloud.canned import NO_NETWORKS, Canned, Parameters, Refusal
from awscloud.wire import state
from deltacloud.errors import Conflict, DeltacloudError, InvalidRequest, NotFound, NotYetCompleted, QuotaExceeded
from deltacloud.inputs import Filters, NewImage, NewInstance, NewNetworkInterface, PageRequest
from deltacloud.kernel import GatewaySettings
from deltacloud.models import Instance

Answers = dict[str, str | Callable[[Parameters], str]]
Calls = Callable[..., tuple[Hooks, Canned]]

RUNNING = f"<instanceId>i-1</instanceId><imageId>ami-1</imageId>{state('running')}"
LAUNCH = f"<ownerId>1</ownerId><instancesSet><item>{RUNNING}</item></instancesSet>"
ONE = f"<reservationSet><item>{LAUNCH}</item></reservationSet>"


@pytest.fixture
def calls() -> Iterator[Calls]:
    """Makes what calls a driver that is led to given answers."""
    made: list[tuple[Hooks, Canned]] = []

    def make(answers: Answers, seconds: float = 30.0) -> tuple[Hooks, Canned]:
        cloud = Canned({"DescribeVpcs": NO_NETWORKS, **answers})
        made.append((Hooks("ec2", f"ec2={cloud.url}", ANY, seconds=seconds), cloud))
        return made[-1]

    yield make
    for hooks, cloud in made:
        hooks.close()
        cloud.close()


def refuse(code: str, message: str = "no", status: int = 400) -> Callable[[Parameters], str]:
    """An answer that is an error."""

    def answer(_parameters: Parameters) -> str:
        raise Refusal(code, message, status)

    return answer


def shown() -> Instance:
    """An instance that was read before."""
    return Instance(id="i-1", state="RUNNING")


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("InvalidParameterValue", "Invalid availability zone: [mars]", NotFound),
        ("InvalidSubnetID.NotFound", "no", NotFound),
        ("InvalidKeyPair.NotFound", "no", NotFound),
        ("InstanceLimitExceeded", "no", QuotaExceeded),
        ("VcpuLimitExceeded", "no", QuotaExceeded),
        ("IdempotentParameterMismatch", "no", Conflict),
        ("Unsupported", "no", InvalidRequest),
        ("InvalidBlockDeviceMapping", "no", InvalidRequest),
    ],
)
def test_a_launch_that_amazon_refuses_says_why(
    calls: Calls, code: str, message: str, kind: type[DeltacloudError]
) -> None:
    ec2, _ = calls({"RunInstances": refuse(code, message)})
    with pytest.raises(kind) as raised:
        ec2.call("create_instance", new=NewInstance(image_id="ami-1", hardware_profile_id="t3.micro"))
    assert type(raised.value) is kind
    assert (raised.value.message, raised.value.backend_code) == (message, code)


def test_an_instance_in_the_wrong_state_is_a_conflict(calls: Calls) -> None:
    ec2, _ = calls({"StartInstances": refuse("IncorrectInstanceState")})
    with pytest.raises(Conflict):
        ec2.call("start_instance", instance=shown())


@pytest.mark.parametrize(
    ("root", "refused", "done"),
    [("instance-store", ("POST", "/stop"), ("DELETE", "", 204)), ("ebs", ("DELETE", ""), ("POST", "/stop", 202))],
)
def test_what_lives_on_its_images_storage_is_ended_while_it_runs(
    calls: Calls, root: str, refused: tuple[str, str], done: tuple[str, str, int]
) -> None:
    here = f"<instanceId>i-1</instanceId><imageId>ami-1</imageId>{state('running', root)}"
    shown = f"<reservationSet><item><instancesSet><item>{here}</item></instancesSet></item></reservationSet>"
    _, cloud = calls({"DescribeInstances": shown, "TerminateInstances": "", "StopInstances": ""})
    api = Api(f"ec2={cloud.url}", ANY, "json")
    api(refused[0], f"/instances/i-1{refused[1]}", 405)
    api(done[0], f"/instances/i-1{done[1]}", done[2])
    ended, stopped = (len(cloud.asked_for(one)) for one in ("TerminateInstances", "StopInstances"))
    assert (ended, stopped) == ((0, 1) if root == "ebs" else (1, 0))


def test_a_page_that_is_gone_is_a_marker_that_is_refused(calls: Calls) -> None:
    ec2, _ = calls({"DescribeInstances": refuse("InvalidNextToken")})
    with pytest.raises(InvalidRequest) as raised:
        ec2.caller.lister.page("list_instances", Filters(), PageRequest(limit=5, marker='[0,0,"old"]'))
    assert raised.value.parameter == "marker"


def test_lists_are_narrowed_in_amazons_words(calls: Calls) -> None:
    ec2, cloud = calls({"DescribeInstances": "<reservationSet/>"})
    wanted = Filters(
        id=("i-1",), state=("RUNNING", "FINISH"), realm_id=("us-east-1a:subnet-1",), tags=(("a*?\\", "b*"),)
    )
    assert ec2.list("instances", wanted) == []
    (asked,) = cloud.asked_for("DescribeInstances")
    filters = {asked[f"Filter.{one}.Name"]: asked[f"Filter.{one}.Value.1"] for one in range(1, 5)}
    assert filters == {
        "instance-id": "i-1", "instance-state-name": "running", "availability-zone": "us-east-1a",
        "tag:a*?\\": "b\\*",
    }  # fmt: skip
    assert asked["Filter.2.Value.2"] == "terminated"
    assert asked["MaxResults"] == "500"


def test_the_network_is_asked_for_once(calls: Calls) -> None:
    ec2, cloud = calls({"DescribeInstances": ONE})
    for _ in range(3):
        assert [one.id for one in ec2.list("instances")] == ["i-1"]
    assert len(cloud.asked_for("DescribeVpcs")) == 1


def test_a_client_without_a_key_of_its_own_has_one_made_up_for_each_launch(calls: Calls) -> None:
    ec2, cloud = calls({"RunInstances": LAUNCH})
    for _ in range(2):
        ec2.call("create_instance", new=NewInstance(image_id="ami-1", hardware_profile_id="t3.micro"))
    tokens = [one["ClientToken"] for one in cloud.asked_for("RunInstances")]
    assert len(set(tokens)) == 2
    assert all(0 < len(one) <= 64 for one in tokens)


def test_a_new_image_that_cannot_be_read_yet_is_pending(calls: Calls) -> None:
    ec2, _ = calls({"CreateImage": "<imageId>ami-9</imageId>", "DescribeImages": "<imagesSet/>"})
    made = ec2.call("create_image", new=NewImage(instance_id="i-1", name="fresh", tags=(("a", "b"),)))
    assert (made.id, made.name, made.state, made.tags) == ("ami-9", "fresh", "pending", (("a", "b"),))


HELD = (
    "<volumeSet><item><volumeId>vol-1</volumeId><attachmentSet><item><instanceId>i-1</instanceId>"
    "<status>attached</status></item></attachmentSet></item></volumeSet>"
)


@pytest.mark.parametrize(("fields", "sent"), [({}, None), ({"force": "false"}, None), ({"force": "true"}, "true")])
def test_a_volume_is_detached_by_force_only_on_request(calls: Calls, fields: dict[str, str], sent: str | None) -> None:
    _, cloud = calls({"DescribeVolumes": HELD, "DetachVolume": "<status>detaching</status>"})
    Api(f"ec2={cloud.url}", ANY, "json")("POST", "/storage_volumes/vol-1/detach", 202, **fields)
    (asked,) = cloud.asked_for("DetachVolume")
    assert (asked["VolumeId"], asked["InstanceId"], asked.get("Force")) == ("vol-1", "i-1", sent)


def interface(attachment: str) -> str:
    """The answer that shows an interface."""
    held = f"<attachment>{attachment}</attachment>" if attachment else ""
    inside = f"<item><networkInterfaceId>eni-1</networkInterfaceId>{held}</item>"
    return f"<networkInterfaceSet>{inside}</networkInterfaceSet>"


PLUGGED = "<attachmentId>a-1</attachmentId><deviceIndex>1</deviceIndex><status>{}</status>"


def test_an_interface_is_deleted_once_it_is_unplugged(calls: Calls) -> None:
    states = iter([PLUGGED.format("attached"), PLUGGED.format("detaching"), ""])
    ec2, cloud = calls({
        "DescribeNetworkInterfaces": lambda _: interface(next(states)),
        "DetachNetworkInterface": "<return>true</return>", "DeleteNetworkInterface": "<return>true</return>",
    })  # fmt: skip
    ec2.call("destroy_network_interface", network_interface_id="eni-1")
    assert [name for name, _ in cloud.asked][-1] == "DeleteNetworkInterface"
    assert cloud.asked_for("DetachNetworkInterface")[0]["AttachmentId"] == "a-1"


def test_an_interface_that_takes_longer_is_unplugged_by_the_next_request(calls: Calls) -> None:
    ec2, cloud = calls({"DescribeNetworkInterfaces": interface(PLUGGED.format("detaching"))}, seconds=5.0)
    with pytest.raises(NotYetCompleted):
        ec2.call("destroy_network_interface", network_interface_id="eni-1")
    assert not cloud.asked_for("DetachNetworkInterface")
    assert not cloud.asked_for("DeleteNetworkInterface")


@pytest.mark.parametrize("discarded", [True, False])
def test_an_interface_that_finds_no_room_is_taken_back(calls: Calls, *, discarded: bool) -> None:
    ec2, cloud = calls({
        "DescribeInstances": ONE, "DescribeNetworkInterfaces": interface(""),
        "CreateNetworkInterface": "<networkInterface><networkInterfaceId>eni-1</networkInterfaceId></networkInterface>",
        "AttachNetworkInterface": refuse("AttachmentLimitExceeded"),
        "DeleteNetworkInterface": "<return>true</return>" if discarded else refuse("InternalError", status=500),
    })  # fmt: skip
    with pytest.raises(QuotaExceeded):
        ec2.call("create_network_interface", new=NewNetworkInterface(instance_id="i-1", network_id="subnet-1"))
    assert cloud.asked_for("DeleteNetworkInterface")[0]["NetworkInterfaceId"] == "eni-1"


def test_a_command_is_run_at_an_address_that_amazon_named(calls: Calls) -> None:
    shown = f"<ownerId>1</ownerId><instancesSet><item>{RUNNING}<ipAddress>127.0.0.1</ipAddress></item></instancesSet>"
    _, cloud = calls({"DescribeInstances": f"<reservationSet><item>{shown}</item></reservationSet>"})
    settings = GatewaySettings(driver="ec2", provider=f"ec2={cloud.url}", allow_providers=LOOPBACK, ssh=True)
    instance = ssh.Instance([])
    try:
        answer = Client(settings)(
            "POST",
            "/api/instances/i-1/run",
            urlencode({"cmd": "echo $((6 * 7))", "password": ssh.PASSWORD, "port": instance.port}),
            user=(ANY.access_key, ANY.secret_key),
        )
    finally:
        instance.close()
    assert answer.status == 200
    assert answer.json["instance"] == {
        "id": "i-1", "public_address": "127.0.0.1", "command": "echo $((6 * 7))", "output": "42\n",
    }  # fmt: skip
    assert instance.users == ["root"]
