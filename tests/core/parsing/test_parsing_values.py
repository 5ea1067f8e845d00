"""Values of parameters, metadata of blobs, and families of parameters."""

from __future__ import annotations

import base64
import gzip
import io
import json
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface, ip_interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.api.parsing import families
from deltacloud.api.parsing.bodies import read_body
from deltacloud.api.parsing.metadata import metadata_entry, metadata_from_headers, metadata_headers
from deltacloud.api.parsing.parameter_set import ParameterSet
from deltacloud.api.parsing.uploads import UploadedFile
from deltacloud.api.parsing.values import convert, decode_base64, gunzip, interface
from deltacloud.errors import InvalidRequest, PayloadTooLarge
from deltacloud.inputs import AddressSource, GroupSource, HardwareOverrides
from deltacloud.parameters import Parameter, ParameterType

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
TOKENS = st.from_regex(r"[a-z0-9_.!~]{1,20}", fullmatch=True)
METADATA_VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(lambda text: text.strip(" "))


def parameters(**values: str) -> ParameterSet:
    return ParameterSet(tuple(values.items()))


def from_json(**members: object) -> ParameterSet:
    raw = json.dumps(members).encode()
    return ParameterSet(body=read_body(io.BytesIO(raw), "application/json"))


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("string", " as it is ", " as it is "),
        ("string", "", ""),
        ("integer", " 42 ", 42),
        ("integer", "-1", -1),
        ("integer", "5.0", 5),
        ("integer", "", None),
        ("number", "1740.8", 1740.8),
        ("number", "10.0", 10),
        ("number", ".5", 0.5),
        ("number", "1e3", 1000),
        ("number", "1e300", 1e300),
        ("number", " ", None),
        ("boolean", "True", True),
        ("boolean", "0", False),
        ("boolean", "", None),
        ("base64", "aGVs\r\nbG8=\n", b"hello"),
        ("base64", "", None),
        ("file", "x", "x"),
    ],
)
def test_a_value_becomes_what_its_parameter_is(kind: ParameterType, text: str, expected: object) -> None:
    value = convert(Parameter(name="p", type=kind), text)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "x"),
        ("integer", "1.5"),
        ("integer", "1_000"),
        ("integer", "٣"),
        ("integer", "9" * 5000),
        ("number", "nan"),
        ("number", "inf"),
        ("number", "1e999"),
        ("number", "1,5"),
        ("boolean", "maybe"),
        ("base64", "aGVsbG8"),
        ("base64", "aGVs bG8="),
        ("base64", "é"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_name(kind: ParameterType, text: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        convert(Parameter(name="p", type=kind), text)
    assert caught.value.parameter == "p"
    assert "'p'" in caught.value.message


def test_numbers_have_bounds() -> None:
    port = Parameter(name="port", type="integer", minimum=1, maximum=65535)
    assert [convert(port, text) for text in ("1", "65535")] == [1, 65535]
    for text in ("0", "65536"):
        with pytest.raises(InvalidRequest, match="a whole number of at least 1 and at most 65535"):
            convert(port, text)


def test_an_enumeration_is_matched_without_case_and_goes_on_as_declared() -> None:
    protocol = Parameter(name="listener_protocol", values=("HTTP", "TCP"))
    assert convert(protocol, "tcp ") == "TCP"
    assert convert(protocol, "") is None
    with pytest.raises(InvalidRequest, match="one of HTTP, TCP"):
        convert(protocol, "UDP")


def test_case_decides_between_values_that_differ_in_nothing_else() -> None:
    assert convert(Parameter(name="p", values=("a", "A")), "A") == "A"


def test_an_empty_value_is_enough_for_a_required_text_but_not_for_a_required_number() -> None:
    assert convert(Parameter(name="p", required=True), "") == ""
    with pytest.raises(InvalidRequest):
        convert(Parameter(name="p", required=True, type="integer"), "")


@given(st.text(), st.sampled_from(["integer", "number", "boolean", "base64"]))
def test_no_message_shows_a_value(garbage: str, kind: ParameterType) -> None:
    secret = f"hunter2-{garbage}"
    with pytest.raises(InvalidRequest) as caught:
        convert(Parameter(name="p", type=kind, secret=True), secret)
    assert "hunter2" not in caught.value.message


@given(st.binary())
def test_base64_with_the_line_breaks_of_ruby_is_understood(raw: bytes) -> None:
    assert decode_base64(base64.encodebytes(raw).decode(), "user_data") == raw


def test_sources_keep_their_host_part() -> None:
    assert interface("10.1.2.3/24", "p") == IPv4Interface("10.1.2.3/24")
    assert interface(" 10.1.2.3 ", "p") == IPv4Interface("10.1.2.3/32")
    assert interface("2001:db8::1/64", "p") == IPv6Interface("2001:db8::1/64")


@pytest.mark.parametrize(
    "text",
    ["", "web", "10.1.2.3/33", "10.1.2", "fe80::1%eth0/64", "10.0.0.0/8/8", "1" * 10**6, "10.0.0.0/" + "1" * 10**6],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        interface(text, "ip_address1")


@given(st.ip_addresses(), st.integers(0, 32))
def test_an_interface_comes_back_as_it_was_printed(address: IPv4Address, prefix: int) -> None:
    expected = ip_interface(f"{address}/{prefix}")
    assert interface(str(expected), "p") == expected


@given(st.binary(max_size=1000), st.binary(max_size=1000))
def test_gzip_is_undone(one: bytes, other: bytes) -> None:
    assert gunzip(gzip.compress(one) + gzip.compress(other), 2000, "user_iso") == one + other


def test_a_small_file_cannot_unpack_to_a_huge_one() -> None:
    with pytest.raises(PayloadTooLarge):
        gunzip(gzip.compress(bytes(10_000_000)), 1000, "user_iso")
    assert gunzip(gzip.compress(bytes(1000)), 1000, "user_iso") == bytes(1000)


@pytest.mark.parametrize(
    "data", [b"not gzip", gzip.compress(b"x" * 1000, mtime=0)[:-9], gzip.compress(b"x", mtime=0) + b"garbage"]
)
def test_what_is_no_gzip_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRequest) as caught:
        gunzip(data, 10_000, "user_iso")
    assert caught.value.parameter == "user_iso"


def test_metadata_names_are_lower_case_and_headers_have_underscores() -> None:
    headers = [("X-DELTACLOUD-BLOBMETA-MY-KEY", "1"), ("Accept", "x"), ("x-deltacloud-blobmeta-other", " two ")]
    assert metadata_from_headers(headers) == (("my_key", "1"), ("other", "two"))
    assert metadata_entry("My-Key", "v") == ("my-key", "v")


@given(st.dictionaries(TOKENS, METADATA_VALUES))
def test_metadata_comes_back_from_headers_as_it_was_printed(metadata: dict[str, str]) -> None:
    pairs = tuple(metadata.items())
    headers = metadata_headers(pairs)
    for _, value in headers:
        value.encode("latin-1")
    assert metadata_from_headers(headers) == pairs


@pytest.mark.parametrize(
    ("name", "value"), [("a b", "x"), ("", "x"), ("é", "x"), ("a:b", "x"), ("a", "x\ny"), ("a", "\0"), ("a", "\t")]
)
def test_metadata_that_no_header_can_carry_is_refused(name: str, value: str) -> None:
    with pytest.raises(InvalidRequest):
        metadata_entry(name, value)


def test_metadata_headers_must_be_utf_8() -> None:
    with pytest.raises(InvalidRequest):
        metadata_from_headers([("X-Deltacloud-Blobmeta-A", "\xff")])


@given(st.lists(st.tuples(st.text(), st.text())).map(tuple))
def test_whatever_a_cloud_returns_makes_no_broken_header(metadata: tuple[tuple[str, str], ...]) -> None:
    for name, value in metadata_headers(metadata):
        assert name.isascii()
        assert not set("\r\n\0") & set(name + value)
        value.encode("latin-1")


def test_firewalls_are_collected_by_number_from_zero_or_one() -> None:
    found = parameters(firewalls10="c", firewalls2="b", firewalls0="a", firewalls3="", firewallsx="no", firewalls4="a")
    assert families.firewall_ids(found) == ("a", "b", "c")
    assert families.firewall_ids(ParameterSet((("firewalls", "x"), ("firewalls", "y")))) == ("x", "y")
    assert families.firewall_ids(from_json(firewalls=["web", "db"])) == ("web", "db")


def test_user_files_are_pairs_of_path_and_content() -> None:
    found = parameters(path1="/a", content1="text", path2="/no-content", content3="no path", path5="", content5="x")
    assert families.user_files(found) == (("/a", b"text"),)
    assert families.user_files(from_json(user_files=[{"path": "/a", "content": "é"}])) == (("/a", "é".encode()),)


def test_an_uploaded_user_file_is_raw_and_a_text_is_what_the_driver_says() -> None:
    file = UploadedFile(io.BytesIO(b"aGk="), "a", None, 4)
    found = ParameterSet(body=(("path1", "/a"), ("content1", file), ("path2", "/b"), ("content2", "aGk=")))
    assert families.user_files(found, text_is_base64=True) == (("/a", b"aGk="), ("/b", b"hi"))
    with pytest.raises(InvalidRequest) as caught:
        families.user_files(parameters(path1="/a", content1="no base64!"), text_is_base64=True)
    assert caught.value.parameter == "content1"


def test_an_instance_gets_five_files_at_most() -> None:
    many = {f"{kind}{number}": "/x" for number in range(6) for kind in ("path", "content")}
    with pytest.raises(InvalidRequest):
        families.user_files(parameters(**many))
    del many["path0"]
    assert len(families.user_files(parameters(**many))) == 5


def test_metadata_of_a_form_is_counted() -> None:
    found = parameters(meta_params="2", meta_name1="Author", meta_value1="me", meta_name2="Empty", meta_name3="beyond")
    assert families.form_metadata(found) == (("author", "me"), ("empty", ""))
    assert families.form_metadata(parameters(meta_name1="", meta_name2="My-Key", meta_value2="v")) == (("my-key", "v"),)
    assert families.form_metadata(parameters(meta_params="0", meta_name1="a")) == ()
    assert families.form_metadata(from_json(metadata={"A": 1})) == (("a", "1"),)


@pytest.mark.parametrize("count", ["x", "-1", "1001"])
def test_a_count_of_metadata_that_is_none_is_refused(count: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        families.form_metadata(parameters(meta_params=count))
    assert caught.value.parameter == "meta_params"


def test_every_spelling_of_a_source_address_counts() -> None:
    pairs = (
        ("ip_address1", "10.1.2.3/24"),
        ("ip-address", "10.0.0.0/8"),
        ("IP_Address2", "::1"),
        ("ip_address3", ""),
        ("ip-address", "1.2.3.4"),
    )
    assert families.firewall_sources(ParameterSet(pairs)) == tuple(
        AddressSource(ip_interface(text)) for text in ("10.1.2.3/24", "10.0.0.0/8", "1.2.3.4", "::1")
    )


def test_a_group_without_owner_is_not_lost() -> None:
    found = parameters(group2="db", group1="web", group1owner="1234", group3="", group3owner="x")
    assert families.firewall_sources(found) == (GroupSource("web", "1234"), GroupSource("db"))
    assert families.firewall_sources(from_json(sources=["10.0.0.0/8", {"name": "db"}])) == (
        AddressSource(ip_interface("10.0.0.0/8")),
        GroupSource("db"),
    )


def test_a_rule_without_sources_is_refused_with_the_sentence_of_the_original() -> None:
    with pytest.raises(InvalidRequest) as caught:
        families.firewall_sources(parameters(protocol="tcp", port_from="80", ip_address1=""))
    assert caught.value.message == "No sources. Specify at least one source ip address or group."


def test_tags_are_what_follows_their_beginning() -> None:
    assert families.tags(parameters(tag_stage="test", name="x", tag_="no", tag_empty="")) == (
        ("stage", "test"),
        ("empty", ""),
    )
    assert families.tags(from_json(tags={"a b": "c"})) == (("a b", "c"),)


def test_only_the_overrides_that_were_sent_are_there() -> None:
    found = parameters(hwp_id="m1-large", hwp_memory="12288", hwp_cpu="", hwp_bogus="x", hwp_architecture=" x86_64 ")
    assert families.hardware_overrides(found) == HardwareOverrides(memory=12288, architecture="x86_64")
    assert families.hardware_overrides(from_json(hwp_storage=850, hwp_cpu=1.5)) == HardwareOverrides(
        cpu=1.5, storage=850
    )


@pytest.mark.parametrize("text", ["much", "-1"])
def test_an_override_that_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        families.hardware_overrides(parameters(hwp_memory=text))
    assert caught.value.parameter == "hwp_memory"
