"""How a private cloud is named, and that nobody else is asked when it is not."""

from __future__ import annotations

import socket

import pytest

from awscloud.accounts import Keys
from awscloud.calls import Hooks
from deltacloud.errors import CapabilityMissing, Forbidden, InvalidRequest
from deltacloud.inputs import NewBucket, NewInstance, NewKey
from deltacloud_eucalyptus import EucalyptusDriver
from loopback import Backend, reply

KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "x")
OLD_EC2, OLD_S3 = "/services/Eucalyptus", "/services/Walrus"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ec2=192.0.2.1;s3=192.0.2.2", {"ec2": f"http://192.0.2.1:8773{OLD_EC2}", "s3": f"http://192.0.2.2:8773{OLD_S3}"}),
        ("ec2=a.example:80; s3=b.example:81", {"ec2": f"http://a.example:80{OLD_EC2}", "s3": f"http://b.example:81{OLD_S3}"}),
        ("ec2=https://a.example:443", {"ec2": f"https://a.example:443{OLD_EC2}"}),
        ("ec2=a.example/services/compute", {"ec2": "http://a.example:8773/services/compute"}),
        ("ec2=http://a.example/", {"ec2": "http://a.example:8773"}),
        ("ec2=[2001:db8::1]:80;s3=[2001:db8::2]", {"ec2": f"http://[2001:db8::1]:80{OLD_EC2}",
                                                   "s3": f"http://[2001:db8::2]:8773{OLD_S3}"}),
        ("s3=s3.cloud.example", {"s3": f"http://s3.cloud.example:8773{OLD_S3}"}),
        ("ec2=a.example;elb=b.example;mon=c.example", {"ec2": f"http://a.example:8773{OLD_EC2}",
         "elb": "http://b.example:8773/services/LoadBalancing", "mon": "http://c.example:8773/services/CloudWatch"}),
    ],
)  # fmt: skip
def test_what_is_left_out_is_the_usual(text: str, expected: dict[str, str]) -> None:
    assert EucalyptusDriver.providers.resolve(text).endpoints == expected


def test_a_region_for_signatures_can_be_named() -> None:
    assert EucalyptusDriver.providers.resolve("ec2=a.example;region=eucalyptus").options == {"region": "eucalyptus"}


@pytest.mark.parametrize(
    "text",
    ["192.0.2.1", "ec2=", "ec2=a.example;ec2=b.example", "s3.example.com", "ec2=a.example;colour=red", "ec2=ftp://a.example",
     "ec2=a b", "ec2=[::1", "ec2=a.example:port", "region=eucalyptus", "us-east-1", "ec2=a;region=../x", ";", "=",
     "ssm=a.example"],
)  # fmt: skip
def test_other_texts_are_refused_with_the_form_that_is_expected(text: str) -> None:
    hooks_of = EucalyptusDriver.providers
    with pytest.raises(InvalidRequest, match="ec2=HOST"):
        hooks_of.resolve(text)


@pytest.fixture(name="nothing_resolves")
def nothing_resolves_fixture(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes what is looked up; nothing may be."""
    asked: list[str] = []

    def look_up(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "no")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("provider", [None, "default"])
def test_without_an_endpoint_nobody_is_asked(provider: str | None, nothing_resolves: list[str]) -> None:
    hooks = Hooks("eucalyptus", provider, KEYS, allow=("*",))
    calls: list[tuple[str, dict[str, object]]] = [
        ("inspect_account", {}),
        ("get_bucket", {"bucket_id": "bucket"}),
        ("create_bucket", {"new": NewBucket(name="bucket")}),
        ("get_instance", {"instance_id": "i-1"}),
        ("create_instance", {"new": NewInstance(image_id="emi-1")}),
        ("create_key", {"new": NewKey(name="key")}),
    ]
    for hook, arguments in calls:
        with pytest.raises(InvalidRequest, match="ec2=HOST"):
            hooks.call(hook, **arguments)
    for collection in ("instances", "images", "realms", "buckets", "keys", "load_balancers", "metrics", "networks"):
        with pytest.raises(InvalidRequest, match="ec2=HOST"):
            hooks.list(collection)
    assert [one.id for one in hooks.list("hardware_profiles")][:1] == ["m1.small"]
    hooks.close()
    assert nothing_resolves == []


def test_a_cloud_that_the_operator_does_not_allow_is_refused() -> None:
    hooks = Hooks("eucalyptus", "ec2=192.0.2.1;s3=192.0.2.1", KEYS, allow=("198.51.100.0/24",))
    for collection in ("instances", "buckets"):
        with pytest.raises(Forbidden, match="allow-providers"):
            hooks.list(collection)
    hooks.close()


def test_what_a_provider_has_no_endpoint_for_it_cannot_do() -> None:
    hooks = Hooks("eucalyptus", "ec2=127.0.0.1:9", KEYS)
    for collection in ("buckets", "load_balancers", "metrics"):
        with pytest.raises(CapabilityMissing):
            hooks.list(collection)
    hooks.close()


def test_paths_are_asked_below_and_signed() -> None:
    backend = Backend(lambda asked: reply(b"<R><Buckets/></R>" if asked.method == "GET" else b"<R><keySet/></R>"))
    place = backend.url().removeprefix("http://")
    hooks = Hooks("eucalyptus", f"ec2={place};s3={place}/services/objectstorage;region=eucalyptus", KEYS)
    assert (hooks.list("keys"), hooks.list("buckets")) == ([], [])
    hooks.close()
    backend.close()
    assert [(asked.method, asked.path) for asked in backend.asked] == [
        ("POST", OLD_EC2),
        ("GET", "/services/objectstorage"),
    ]
    assert all("/eucalyptus/" in asked.headers["authorization"] for asked in backend.asked)
