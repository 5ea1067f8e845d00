"""Buckets in other regions than the provider's, and names that become hosts: on Amazon, which is played here."""

from __future__ import annotations

import re

import botocore.session
import pytest

from awscloud.accounts import Keys
from awscloud.scripted import KEYS, Reply, Request, playing
from deltacloud.errors import AuthenticationFailed, Forbidden, InvalidRequest, NotFound
from deltacloud.inputs import NewBucket
from deltacloud.outbound import Policy
from deltacloud.testing.uploading import Upload
from deltacloud_ec2.client import Clients
from deltacloud_ec2.endpoints import HOSTS, PROVIDERS, REGIONS, Place
from deltacloud_ec2.regions import BucketRegions

HOME = "eu-central-1"


def _xml(code: str, **further: str) -> bytes:
    members = "".join(f"<{name}>{value}</{name}>" for name, value in {"Code": code, "Message": "no", **further}.items())
    return f"<?xml version='1.0'?><Error>{members}</Error>".encode()


NOWHERE = Reply(404, _xml("NoSuchBucket"))


class Amazon:
    """Some buckets in some regions, which say where they are as S3 says it.

    Args:
        how: In which of its ways S3 says so.
    """

    def __init__(self, how: str = "header", **buckets: str) -> None:
        self.how = how
        self.buckets = buckets

    def __call__(self, asked: Request) -> Reply:
        bucket, _, rest = asked.host.partition(".s3.")
        region = rest.partition(".")[0]
        home = self.buckets.get(bucket)
        if home is None:
            return NOWHERE
        if region != home:
            return self._elsewhere(asked, home)
        assert asked.region == home, "signed for another region"
        if asked.method == "HEAD" and asked.path == "/":
            return Reply(200, headers={"x-amz-bucket-region": home})
        if asked.method == "GET" and asked.path == "/":
            return Reply(200, b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
        return Reply(200, b"content" if asked.method == "GET" else b"", {"ETag": '"1"', "Content-Type": "text/plain"})

    def _elsewhere(self, asked: Request, home: str) -> Reply:
        named = {"x-amz-bucket-region": home}
        if asked.method == "HEAD":
            return Reply(400 if self.how == "signature" else 301, headers=named)
        if self.how == "header":
            return Reply(301, _xml("PermanentRedirect"), named)
        if self.how == "signature":
            return Reply(400, _xml("AuthorizationHeaderMalformed", Region=home))
        if self.how == "temporary":
            return Reply(307, _xml("TemporaryRedirect"), named)
        return Reply(301, _xml("PermanentRedirect"))  # and only a question about the bucket tells


@pytest.mark.parametrize("how", ["header", "signature", "temporary", "unnamed"])
def test_a_bucket_is_found_wherever_it_is_and_asked_there_from_then_on(how: str) -> None:
    with playing(Amazon(how, far="ap-south-1", near=HOME), HOME) as (hooks, amazon):
        content = hooks.call("read_blob", bucket_id="far", blob_id="blob", byte_range=None)
        assert b"".join(content.chunks) == b"content"
        amazon.asked.clear()
        hooks.call("get_bucket", bucket_id="far")
        hooks.call("get_blob", bucket_id="far", blob_id="blob")
        assert {asked.host for asked in amazon.asked} == {"far.s3.ap-south-1.amazonaws.com"}
        amazon.asked.clear()
        hooks.call("get_bucket", bucket_id="near")
        assert {asked.host for asked in amazon.asked} == {f"near.s3.{HOME}.amazonaws.com"}
        assert len(amazon.asked) == 1


@pytest.mark.parametrize("how", ["header", "signature", "unnamed"])
@pytest.mark.parametrize("size", [10, 6 * 1024 * 1024])
def test_a_content_is_sent_once_and_to_the_right_region(how: str, size: int) -> None:
    with playing(Amazon(how, far="ap-south-1"), HOME) as (hooks, amazon):
        upload = Upload(iter([b"x" * size]), length=size, content_type="text/plain")
        hooks.call("write_blob", bucket_id="far", blob_id="blob", upload=upload)
        written = [asked for asked in amazon.asked if asked.method == "PUT"]
        assert [(asked.host, len(asked.body)) for asked in written] == [("far.s3.ap-south-1.amazonaws.com", size)]


def test_a_bucket_that_is_nowhere_is_not_found() -> None:
    with playing(Amazon(), HOME) as (hooks, _):
        for hook, arguments in (("get_bucket", {}), ("get_blob", {"blob_id": "blob"}), ("destroy_bucket", {})):
            with pytest.raises(NotFound):
                hooks.call(hook, bucket_id="nothing", **arguments)


def test_a_redirect_that_leads_nowhere_ends() -> None:
    with playing(lambda _: Reply(301, _xml("PermanentRedirect")), HOME) as (hooks, amazon):
        with pytest.raises(Exception, match="no"):
            hooks.call("get_bucket", bucket_id="odd")
        assert len(amazon.asked) == 2


@pytest.mark.parametrize("region", ["evil.example.com/", "../x", "a b", "EU-WEST-1", ""])
def test_a_region_that_is_none_is_not_followed(region: str) -> None:
    with playing(lambda _: Reply(301, _xml("PermanentRedirect", Region=region)), HOME) as (hooks, amazon):
        with pytest.raises(Exception, match="no"):
            hooks.call("get_bucket", bucket_id="odd")
        assert {asked.host for asked in amazon.asked} == {f"odd.s3.{HOME}.amazonaws.com"}


def test_a_bucket_that_has_moved_is_found_again() -> None:
    amazon = Amazon(moved="eu-west-3")
    with playing(amazon, HOME) as (hooks, _):
        hooks.call("get_bucket", bucket_id="moved")
        amazon.buckets["moved"] = "sa-east-1"
        hooks.call("get_bucket", bucket_id="moved")


def test_only_so_many_buckets_are_remembered() -> None:
    regions, place = BucketRegions(), Place("s3", HOME)
    for number in range(5000):
        regions.remember(place, f"bucket-{number}", "eu-west-1")
    assert not regions.knows(place, "bucket-0")
    assert regions.find(place, "bucket-4999").region == "eu-west-1"
    assert len(regions._regions) < 5000


@pytest.mark.parametrize(
    ("location", "region", "constraint"),
    [
        (None, HOME, [HOME]),
        ("eu-west-3", "eu-west-3", ["eu-west-3"]),
        ("EU", "eu-west-1", ["eu-west-1"]),
        ("us-east-1", "us-east-1", []),
        ("AP-SOUTHEAST-2", "ap-southeast-2", ["ap-southeast-2"]),
    ],
)
def test_a_bucket_is_made_in_its_region(location: str | None, region: str, constraint: list[str]) -> None:
    with playing(lambda asked: Reply() if asked.method == "PUT" else NOWHERE, HOME) as (hooks, amazon):
        hooks.call("create_bucket", new=NewBucket(name="new", location=location))
        made = amazon.asked[-1]
        assert (made.method, made.host, made.region) == ("PUT", f"new.s3.{region}.amazonaws.com", region)
        assert re.findall(r"<LocationConstraint>(.*)</LocationConstraint>", made.body.decode()) == constraint


def test_a_location_that_is_no_region_is_refused() -> None:
    with playing(Amazon(), HOME) as (hooks, amazon):
        for location in ("mars", "eu-west-1.evil.example", "../.."):
            with pytest.raises(InvalidRequest):
                hooks.call("create_bucket", new=NewBucket(name="new", location=location))
        assert amazon.asked == []


@pytest.mark.parametrize(
    ("bucket", "host", "path"),
    [
        ("plain", f"plain.s3.{HOME}.amazonaws.com", "/a//b/..%2F%C3%A4"),
        ("with.dots", f"s3.{HOME}.amazonaws.com", "/with.dots/a//b/..%2F%C3%A4"),
        ("Upper_Case", f"s3.{HOME}.amazonaws.com", "/Upper_Case/a//b/..%2F%C3%A4"),
        ("fast--euc1-az1--x-s3", f"fast--euc1-az1--x-s3.s3express-euc1-az1.{HOME}.amazonaws.com", "/a//b/..%2F%C3%A4"),
    ],
)
def test_a_bucket_that_can_be_a_host_is_one_and_the_others_are_paths(bucket: str, host: str, path: str) -> None:
    with playing(lambda _: Reply(headers={"Content-Length": "1"}), HOME) as (hooks, amazon):
        hooks.call("get_blob", bucket_id=bucket, blob_id="a//b/..%2Fä".replace("%2F", "/"))
        asked = amazon.asked[0]
        assert (asked.host, asked.path.replace("../", "..%2F")) == (host, path)
        assert len(amazon.asked) == 1, "a session was asked for"


@pytest.mark.parametrize("service", ["ec2", "elb", "elbv2", "cloudwatch", "s3", "ssm"])
@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"])
def test_every_host_that_is_asked_is_one_that_the_driver_declares(service: str, region: str) -> None:
    policy = Policy(hosts=HOSTS)
    host = Clients().client(Place(service, region)).meta.endpoint_url.removeprefix("https://")
    assert policy.is_cloud(host)
    assert not policy.is_cloud("ec2-192-0-2-1.compute-1.amazonaws.com")
    assert not policy.is_cloud(f"balancer-1.{region}.elb.amazonaws.com")


def test_the_regions_are_those_that_botocore_knows() -> None:
    session = botocore.session.Session()
    known = {
        region
        for partition in ("aws", "aws-cn", "aws-us-gov")
        for region in session.get_available_regions("ec2", partition)
    }
    assert set(REGIONS) == known


@pytest.mark.parametrize("name", [*REGIONS, "eu-new-7", "US-EAST-1"])
def test_a_region_is_a_provider_whether_it_is_listed_or_new(name: str) -> None:
    assert PROVIDERS.resolve(name).name == name.lower()


@pytest.mark.parametrize(
    "text", ["mars", "us-east-1.evil.example", "ec2=127.0.0.1", "ec2=", "ec2=http://a;ec2=http://b", "region=us-east-1",
             "ec2=http://a;color=red", "ec2=http://a;region=../x"],
)  # fmt: skip
def test_other_texts_are_no_provider(text: str) -> None:
    with pytest.raises(InvalidRequest):
        PROVIDERS.resolve(text)


def test_amazon_is_not_asked_with_what_is_no_key_of_its_own() -> None:
    with playing(Amazon(), HOME, Keys("mockuser", "mockpassword")) as (hooks, amazon):
        for collection in ("buckets", "keys", "realms"):
            with pytest.raises(AuthenticationFailed):
                hooks.list(collection)
        with pytest.raises(AuthenticationFailed):
            hooks.call("get_bucket", bucket_id="near")
        assert amazon.asked == []


def test_without_a_provider_the_first_region_is_asked() -> None:
    with playing(lambda _: Reply(200, b"<ListAllMyBucketsResult/>"), None, KEYS) as (hooks, amazon):
        assert hooks.list("buckets") == []
        assert [(asked.host, asked.region) for asked in amazon.asked] == [("s3.us-east-1.amazonaws.com", "us-east-1")]


def test_a_bucket_in_use_by_others_is_refused_with_the_storages_own_words() -> None:
    with (
        playing(lambda _: Reply(403, _xml("AccessDenied")), HOME) as (hooks, _),
        pytest.raises(Forbidden, match="no"),
    ):
        hooks.call("get_bucket", bucket_id="theirs")
