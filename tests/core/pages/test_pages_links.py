"""Where links of pages go: with the selection of the URL, percent-encoded, and never into another site."""

from __future__ import annotations

import pytest
from falcon.testing import create_environ

from deltacloud.api.collections import BY_NAME
from deltacloud.api.exchange import Exchange
from deltacloud.api.incoming import Incoming
from deltacloud.api.operations import LIMIT, MARKER
from deltacloud.api.pages import selection
from deltacloud.api.pages.site import Site, alternates, folders, place, site_of, with_query
from deltacloud.kernel import ENVIRON_KEY, GatewaySettings, Kernel, RequestRecord
from deltacloud.parameters import Parameter
from deltacloud.providers import ParsedProvider

BASE = "https://cloud.example.com/gate"


def incoming(path: str, query: str = "", **headers: str) -> Incoming:
    """A request, taken in."""
    environ = create_environ(path=path, query_string=query, headers=headers)
    environ[ENVIRON_KEY] = RequestRecord(id="r", raw_path=path, base_url=BASE, peer="127.0.0.1", local=True)
    request = Incoming(environ)
    request.take_in(GatewaySettings(driver="mock"))
    return request


@pytest.mark.parametrize(
    ("path", "query", "kept"),
    [
        ("/api/realms", "", ""),
        ("/api;driver=ec2/realms", "", ";driver=ec2"),
        ("/api;provider=eu-1;driver=ec2/realms", "", ";driver=ec2;provider=eu-1"),
        ("/api;provider=http%3A%2F%2Fa%2Fb%3Bc/realms", "", ";provider=http:%2F%2Fa%2Fb%3Bc"),
        ("/api/realms", "api[driver]=ec2&api[provider]=x/y", ";driver=ec2;provider=x%2Fy"),
        ("/api/realms;driver=ec2", "", ""),
        ("/api;driver=/realms", "", ""),
    ],
)
def test_the_selection_of_the_url_is_kept(path: str, query: str, kept: str) -> None:
    assert selection(incoming(path, query)) == kept


def test_the_selection_of_headers_is_not_put_into_links() -> None:
    assert selection(incoming("/api/realms", X_Deltacloud_Driver="ec2")) == ""


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (f"{BASE}/api", "/gate/api;driver=a"),
        (f"{BASE}/api/realms/us", "/gate/api;driver=a/realms/us"),
        (f"{BASE}/api/images;instance_id=i", "/gate/api;driver=a/images;instance_id=i"),
        (f"{BASE}/api?format=xml", "/gate/api;driver=a?format=xml"),
        (f"{BASE}/apis", f"{BASE}/apis"),
        ("https://other.example.com/api/realms", "https://other.example.com/api/realms"),
    ],
)
def test_links_of_documents_get_the_selection_and_foreign_ones_do_not(url: str, link: str) -> None:
    assert Site(f"{BASE}/api", ";driver=a", "a", "").link(url) == link


@pytest.mark.parametrize(
    "value", [{"href": "javascript:alert(1)"}, {"href": "https://other.example.com/api/x"}, {"href": None}, {"id": "x"}]
)
def test_only_objects_of_this_api_lead_somewhere(value: dict[str, object]) -> None:
    assert Site(f"{BASE}/api", "", "a", "").target(value) == ""


def understanding(request: Incoming, *declared: Parameter) -> Incoming:
    """A request whose operation is known, and understands these parameters."""
    kernel = Kernel(GatewaySettings(driver="mock"))
    request.exchange = Exchange(
        kernel,
        request,
        BY_NAME["images"].operations[0],
        kernel.drivers.get("mock"),
        provider=ParsedProvider(),
        answer_format="html",
        ids={},
    )
    request.exchange.declared = declared
    kernel.close()
    return request


def test_other_formats_are_at_the_same_url_from_the_beginning_of_a_list() -> None:
    request = incoming("/api;driver=ec2/images", "format=html&owner_id=a%20b%2B&marker=abc&limit=5&api[provider]=p")
    understanding(request, Parameter(name="owner_id"), LIMIT, MARKER)
    start = "/gate/api;driver=ec2;provider=p/images?owner_id=a%20b%2B&limit=5&format="
    assert [(one.text, one.url) for one in alternates(request)] == [("XML", f"{start}xml"), ("JSON", f"{start}json")]


def test_links_repeat_nothing_that_is_secret_or_not_understood() -> None:
    request = incoming("/api/images", "password=sesame&pasword=sesame&sesame&owner_id=me")
    understanding(request, Parameter(name="owner_id"), Parameter(name="password", secret=True))
    assert request.repeatable == (("owner_id", "me"),)
    assert "sesame" not in str(alternates(request))
    assert incoming("/api/images", "owner_id=me").repeatable == ()


def test_a_resource_that_was_just_created_has_its_own_url() -> None:
    links = alternates(incoming("/api/keys", "name=x"), "/keys/x")
    assert [one.url for one in links] == ["/gate/api/keys/x?format=xml", "/gate/api/keys/x?format=json"]


def test_fields_of_paths_are_encoded() -> None:
    fields = {"id": "a/b;c", "blob_id": "100% ü"}
    assert place("/buckets/{id}/{blob_id}/content", fields) == "/buckets/a%2Fb%3Bc/100%25%20%C3%BC/content"


def test_a_query_string_grows() -> None:
    assert with_query("/a", ("x", "1&2"), ("y", "a+b")) == "/a?x=1%262&y=a%2Bb"
    assert with_query("/a?x=1", ("y", "")) == "/a?x=1&y="


def test_a_request_without_any_driver_still_has_a_site() -> None:
    request = incoming("/api")
    request.driver_name = ""
    assert site_of(request) == Site(f"{BASE}/api", "", "", "")


def test_the_front_page_lies_beside_the_api() -> None:
    assert Site(f"{BASE}/api", ";driver=a", "a", "").front == "/gate/"
    assert Site("http://localhost:3001/api", "", "", "").front == "/"


def test_a_blob_lies_in_the_folders_that_its_name_goes_through() -> None:
    found = folders(Site(f"{BASE}/api", "", "", ""), "b", "a/b c/d")
    assert [(one.text, one.url) for one in found] == [
        ("Bucket b", "/gate/api/buckets/b"),
        ("a", "/gate/api/buckets/b?prefix=a%2F"),
        ("b c", "/gate/api/buckets/b?prefix=a%2Fb%20c%2F"),
    ]
