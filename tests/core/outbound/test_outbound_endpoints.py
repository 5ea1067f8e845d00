"""The one grammar for URLs of endpoints."""

from __future__ import annotations

import string
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.outbound import check_label
from deltacloud.outbound.endpoints import check_host, installation, parse, parse_origin

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
hosts = st.lists(labels, min_size=1, max_size=5).map(".".join) | st.ip_addresses(v=4).map(str)
bracketed = st.ip_addresses(v=6).map(lambda address: f"[{address}]")
ports = st.just("") | st.integers(1, 65535).map(lambda port: f":{port}")
segment = st.text(string.ascii_letters + string.digits + "._~!$&'()*+,;=:-", min_size=1, max_size=8).filter(
    lambda text: text not in {".", ".."}
)
paths = st.lists(segment, max_size=4).map(lambda parts: "".join(f"/{part}" for part in parts)) | st.just("/")
urls = st.builds("{}://{}{}{}".format, st.sampled_from(["http", "https", "HTTPS"]), hosts | bracketed, ports, paths)


@given(urls)
def test_what_is_read_and_rebuilt_reads_the_same(url: str) -> None:
    endpoint = parse(url)
    assert parse(endpoint.url) == endpoint
    assert parse(endpoint.url).url == endpoint.url


@given(urls)
def test_the_rebuilt_url_leads_where_the_standard_library_goes(url: str) -> None:
    endpoint = parse(url)
    split = urlsplit(endpoint.url)
    assert split.hostname == endpoint.host
    assert (split.port or {"http": 80, "https": 443}[split.scheme]) == endpoint.port
    assert (split.path, split.username, split.query, split.fragment) == (endpoint.path, None, "", "")


@given(
    urls,
    st.integers(0, 200),
    st.sampled_from([*'@\\%#? "<>^`{|}', *map(chr, range(32)), "\x7f", "\x80", "\u3002", "\uff11"]),
)
def test_no_user_part_backslash_percent_zone_or_control_character_gets_in(url: str, at: int, odd: str) -> None:
    at = min(at, len(url))
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is a refusal
        parse(url[:at] + odd + url[at:])


@given(st.text(max_size=60))
def test_any_text_is_read_strictly_or_refused(text: str) -> None:
    for prefix in ("", "http://", "https://a.example"):
        try:
            endpoint = parse(prefix + text)
        except ValueError:
            continue
        assert endpoint.url.isascii()
        assert parse(endpoint.url) == endpoint


@pytest.mark.parametrize(
    "rest",
    [
        "?x", "#x", "/..", "/./b", "/a/../b", "//b", "/b//", "/%2e%2e", "/a%2Fb", "/@b", "/b\\c", "/\n", "/a b",
        "/\u00e9", "/\x00", "/{b}", '/"b"', "\\b",
    ],
)  # fmt: skip
def test_odd_paths_are_refused(rest: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        parse(f"http://a.example{rest}")


def test_a_refusal_does_not_repeat_the_url() -> None:
    with pytest.raises(ValueError, match="not a plain") as caught:
        parse("http://user:secret@a.example")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "rebuilt"),
    [
        ("HTTP://A.Example:80/V1", "http://a.example/V1"),
        ("https://a.example:443", "https://a.example"),
        ("https://a.example:8443/a/b/", "https://a.example:8443/a/b/"),
        ("http://[::0001]:5000/v3", "http://[::1]:5000/v3"),
        ("http://127.1", "http://127.1"),
        ("http://0x7f.1/", "http://0x7f.1/"),
        ("http://xn--bcher-kva.example", "http://xn--bcher-kva.example"),
    ],
)
def test_plain_spellings_have_one_form(url: str, rebuilt: str) -> None:
    assert parse(url).url == rebuilt


def test_only_the_part_before_the_path_of_a_request_is_held_to_the_grammar() -> None:
    origin = parse_origin("https://A.example:8443/a%2Fb?x=%20#y")
    assert (origin.host, origin.port, origin.path) == ("a.example", 8443, "")
    for url in (
        "https://a.example\\@b.example/",
        "https://a@b.example/?x",
        "https://a.example%2f@b/",
        "https://a.example;b",
    ):
        with pytest.raises(ValueError, match="not a plain"):
            parse_origin(url)


@pytest.mark.parametrize("text", ["eu-1", "a", "0", "EU-West"])
def test_a_label_is_one_part_of_a_host_name(text: str) -> None:
    assert check_label(text) == text.lower()


@pytest.mark.parametrize(
    "text", ["", "a.b", "a/b", "a@b", "-a", "a-", "a:1", "a b", "a\n", "\u212a", "\u00e9", "a" * 64, "a#", "a%2e"]
)
def test_what_could_name_another_host_is_no_label(text: str) -> None:
    with pytest.raises(ValueError, match="host name"):
        check_label(text)


def test_a_host_by_itself_is_held_to_the_same_grammar() -> None:
    assert check_host("A.example") == "a.example"
    assert check_host("[::0001]") == check_host("::1") == "::1"
    for text in ("a.example.", "a b", "::1%lo", "[::1", "::1]", "a.example:80", "a/b", "", "\uff11.example"):
        with pytest.raises(ValueError):  # noqa: PT011 - ipaddress raises its own kind
            check_host(text)


def test_an_installation_is_a_plain_url_with_or_without_a_slash_behind_it() -> None:
    for text in ("https://Cloud.example.com/v1", "https://cloud.example.com/v1/"):
        provider = installation(text)
        assert (provider.text, provider.endpoints) == (text, {"api": "https://cloud.example.com/v1"})
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is a refusal
        installation("a mere word")
