"""A new pretend cloud holds what clients of the original know."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from deltacloud.inputs import Filters
from deltacloud.models import InstanceAddress
from deltacloud_mock.catalogue import HARDWARE_PROFILES
from mockcloud import Cloud

SUMMER = timezone(timedelta(hours=2))


def test_the_realms_are_two(cloud: Cloud) -> None:
    realms = cloud.call("list_realms", filters=Filters())
    assert [(realm.id, realm.name, realm.state, realm.limit) for realm in realms] == [
        ("us", "United States", "AVAILABLE", None),
        ("eu", "Europe", "AVAILABLE", None),
    ]


def test_the_images_stand_by_owner_and_description(cloud: Cloud) -> None:
    images = cloud.items("list_images")
    assert [
        (image.id, image.name, image.description, image.owner_id, image.architecture, image.state) for image in images
    ] == [
        ("img1", "img1", "Fedora 10", "fedoraproject", "x86_64", "AVAILABLE"),
        ("img2", "img2", "Fedora 10", "fedoraproject", "i386", "AVAILABLE"),
        ("img3", "img3", "JBoss", "mockuser", "i386", "AVAILABLE"),
    ]
    for image in images:
        assert image.creation_time == datetime(2012, 10, 25, 14, 27, 53, tzinfo=SUMMER)
        assert image.creation_time.utcoffset() == timedelta(hours=2)
        assert image.hardware_profile_ids == ("m1-small", "m1-large", "m1-xlarge", "opaque")
        assert image.root_type == "transient"


def test_the_instances_are_the_four_of_the_original(cloud: Cloud) -> None:
    instances = cloud.items("list_instances")
    assert [
        (one.id, one.name, one.image_id, one.realm_id, one.hardware_profile_id, one.hardware_overrides)
        for one in instances
    ] == [
        ("inst0", "Mock Instance With Profile Change", "img1", "us", "m1-large", (("memory", "12288"),)),
        ("inst1", "MockUserInstance", "img3", "us", "m1-small", ()),
        ("inst2", "AnotherInstance", "img1", "us", "m1-large", ()),
        ("inst3", "", "img3", "eu", "m1-small", ()),
    ]
    assert {(one.owner_id, one.state) for one in instances} == {("mockuser", "RUNNING")}
    assert [one.create_image for one in instances] == [True, True, True, False]
    assert [one.key_name for one in instances] == [None, None, None, ""]
    assert [one.network_interface_ids for one in instances] == [(), ("nic1",), None, ("nicinst3",)]
    assert [one.storage_volumes for one in instances] == [(), (), (), ()]


def test_instances_are_called_by_host_names(cloud: Cloud) -> None:
    for one in cloud.items("list_instances"):
        image = "img1" if one.id == "inst1" else one.image_id
        assert one.public_addresses == (InstanceAddress(f"{image}.{one.id}.public.com", "hostname"),)
        assert one.private_addresses == (InstanceAddress(f"{image}.{one.id}.private.com", "hostname"),)


def test_the_hardware_profiles_are_four_and_one_of_them_is_empty() -> None:
    described = {
        profile.id: [
            (one.name, one.kind, one.value, one.first, one.last, one.entries, one.unit) for one in profile.properties
        ]
        for profile in HARDWARE_PROFILES
    }
    assert described == {
        "m1-small": [
            ("cpu", "fixed", 1, None, None, (), "count"),
            ("memory", "fixed", 1740.8, None, None, (), "MB"),
            ("storage", "fixed", 160, None, None, (), "GB"),
            ("architecture", "fixed", "i386", None, None, (), "label"),
        ],
        "m1-large": [
            ("cpu", "range", 1, 1, 6, (), "count"),
            ("memory", "range", 10240, 7680, 15360, (), "MB"),
            ("storage", "enum", 850, None, None, (850, 1024), "GB"),
            ("architecture", "fixed", "x86_64", None, None, (), "label"),
        ],
        "m1-xlarge": [
            ("cpu", "fixed", 4, None, None, (), "count"),
            ("memory", "range", 12288, 12288, 32768, (), "MB"),
            ("storage", "enum", 1024, None, None, (1024, 2048, 4096), "GB"),
            ("architecture", "fixed", "x86_64", None, None, (), "label"),
        ],
        "opaque": [],
    }


def test_volumes_snapshots_and_addresses(cloud: Cloud) -> None:
    volumes = cloud.items("list_storage_volumes")
    assert [(one.id, one.realm_id, one.capacity, one.state, one.instance_id, one.device) for one in volumes] == [
        ("vol1", "us", 1, "AVAILABLE", None, None),
        ("vol2", "us", 1, "AVAILABLE", None, None),
        ("vol3", "us", 1, "IN-USE", "inst1", "/dev/sda1"),
    ]
    assert {one.created for one in volumes} == {datetime(2009, 7, 30, 14, 35, 11, tzinfo=UTC)}
    snapshots = cloud.items("list_storage_snapshots")
    assert [(one.id, one.storage_volume_id, one.state) for one in snapshots] == [
        ("snap1", "vol1", "COMPLETED"),
        ("snap2", "vol2", "COMPLETED"),
        ("snap3", "vol2", "COMPLETED"),
    ]
    assert {one.created for one in snapshots} == {datetime(2009, 7, 29, 18, 15, 24, tzinfo=UTC)}
    addresses = cloud.items("list_addresses")
    assert [(one.id, one.instance_id) for one in addresses] == [(f"192.168.0.{last}", None) for last in range(1, 5)]


def test_the_key_has_the_shape_of_a_private_key(cloud: Cloud) -> None:
    (key,) = cloud.items("list_keys")
    assert (key.id, key.name, key.type) == ("test-key", "test-key", "key")
    assert key.fingerprint == "5e:ce:b6:dc:59:3b:5c:93:f8:2e:9d:20:ce:60:ca:f5:0b:8a:66:93"
    _check_shape(key.pem.reveal())


def _check_shape(pem: str) -> None:
    first, *lines, last = pem.split("\n")
    assert first == "-----BEGIN RSA PRIVATE KEY-----"
    assert [len(line) for line in lines] == [75] * 21
    body, end = last[:68], last[68:]
    assert end == "-----END RSA PRIVATE KEY-----"
    assert re.fullmatch(r"[A-Za-z0-9=/+]+", "".join(lines) + body)


OCTETS = "application/octet-stream"
PAGE = "<html><head></head><body>content of blob 2</body></html>"


@pytest.mark.parametrize(
    ("bucket", "blob", "content_type", "written", "content", "metadata"),
    [
        ("bucket1", "blob1", "text/plain", "2010-09-23T16:44:54", "content of blob 1", (("SOMENEWKEY", "NEWVALUE"),)),
        ("bucket1", "blob2", "text/html", "2010-09-23T16:55:05", PAGE, (("VERSION", "1.2"),)),
        ("bucket1", "blob3", "text/plain", "2010-08-14T02:14:31", "content of blob 3", ()),
        (
            "bucket2",
            "blob4",
            "application/octet-stream",
            "2010-09-21T06:17:24",
            "content of blob 4",
            (("some", "value"),),
        ),
        ("bucket2", "blob5", "application/pdf", "2009-07-21T11:12:13", "content of blob 5", ()),
    ],
)
def test_blobs_have_content_type_time_and_metadata(
    cloud: Cloud,
    bucket: str,
    blob: str,
    content_type: str,
    written: str,
    content: str,
    metadata: tuple[tuple[str, str], ...],
) -> None:
    found = cloud.call("get_blob", bucket_id=bucket, blob_id=blob)
    assert (found.content_type, found.user_metadata) == (content_type, metadata)
    assert found.last_modified.isoformat() == f"{written}+01:00"
    assert found.content_length == len(content)
    assert cloud.content(bucket, blob) == content.encode()


def test_the_second_blob_is_56_bytes_long(cloud: Cloud) -> None:
    assert cloud.call("get_blob", bucket_id="bucket1", blob_id="blob2").content_length == 56


def test_buckets_are_listed_with_their_blobs(cloud: Cloud) -> None:
    assert [(one.id, one.name, one.size, one.blob_ids) for one in cloud.items("list_buckets")] == [
        ("bucket1", "bucket1", 3, ("blob1", "blob2", "blob3")),
        ("bucket2", "bucket2", 2, ("blob4", "blob5")),
    ]


def test_networks_subnets_and_interfaces(cloud: Cloud) -> None:
    assert [
        (one.id, one.name, one.address_blocks, one.subnet_ids, one.state) for one in cloud.items("list_networks")
    ] == [
        ("net1", "network1", ("192.168.0.0/16",), ("subnet1", "subnet2"), "UP"),
        ("net2", "network2", ("10.0.0.0/8",), ("subnet3", "subnet4"), "UP"),
    ]
    assert [
        (one.id, one.network_id, one.address_block, one.type, one.state) for one in cloud.items("list_subnets")
    ] == [
        ("subnet1", "net1", "192.168.1.0/24", "PRIVATE", "UP"),
        ("subnet2", "net1", "192.168.2.0/24", "PRIVATE", "UP"),
        ("subnet3", "net2", "10.1.0.0/16", "PRIVATE", "UP"),
        ("subnet4", "net2", "10.2.0.0/16", "PRIVATE", "UP"),
    ]
    assert [
        (one.id, one.instance_id, one.network_id, one.ip_address) for one in cloud.items("list_network_interfaces")
    ] == [("nic1", "inst1", "subnet1", "192.168.1.2"), ("nicinst3", "inst3", "net1", "192.168.2.189")]


def test_there_is_one_firewall_and_no_load_balancer(cloud: Cloud) -> None:
    (firewall,) = cloud.items("list_firewalls")
    assert (firewall.id, firewall.owner_id, firewall.rules) == ("default", "mockuser", ())
    assert cloud.items("list_load_balancers") == []
