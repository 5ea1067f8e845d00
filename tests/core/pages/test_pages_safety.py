"""Whatever a value holds, it stays text: no name, description, tag or parameter can become markup or a foreign link."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from falcon.testing import create_environ
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from deltacloud.api import pages
from deltacloud.api.answers import BucketShown, Listed, Shown
from deltacloud.api.collections import BY_NAME
from deltacloud.api.exchange import Exchange
from deltacloud.api.incoming import Incoming
from deltacloud.api.pages.site import with_query
from deltacloud.api.parsing.paths import segment
from deltacloud.api.representations import ErrorFacts
from deltacloud.api.representations.markup import legal
from deltacloud.context import Credentials
from deltacloud.kernel import ENVIRON_KEY, GatewaySettings, Kernel, RequestRecord
from deltacloud.models import (
    Blob,
    BlobEntry,
    Bucket,
    CommandOutput,
)
from deltacloud.secret import Secret
from samples import MODELS

BASE = "http://localhost:3001"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</textarea></title></style><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&amp;&#60;",
    "//evil.example/",
    "https://evil.example/",
    "\ud800\x00\x0b\ufffe",
    "a\nb",
)
TAGS = """
a article bdi body br button caption circle code datalist dd desc defs details div dl dt fieldset footer form h1 h2 head
header html input label legend li link main marker meta nav noscript ol option p path pre rect section select small span
strong script summary svg table tbody td text textarea th thead time title tr ul
"""
ATTRIBUTES = """
action aria-current aria-describedby aria-hidden aria-label aria-labelledby aria-sort autocomplete autofocus charset
class content datetime download enctype for hidden href id lang list max maxlength method min name placeholder popover
popovertarget popovertargetaction rel required role rows scope selected spellcheck src step tabindex title type value
checked

data-all data-ask data-bulk data-can data-command data-copy data-count data-counts data-download data-drop data-facts
data-find data-list data-once data-method data-name data-narrow data-pace data-part data-prefix data-problem
data-profiles data-selected data-send data-suffix data-transfers data-upload data-url

aria-hidden cx cy d fill font-family font-size height marker-end markerheight markerwidth orient paint-order r refx refy
rx stroke stroke-linejoin stroke-width text-anchor viewbox width x y xmlns
"""


def texts() -> st.SearchStrategy[str]:
    """Text that wants to be more than text, and any other."""
    mixed = st.builds("{}{}".format, st.text(max_size=3), st.sampled_from(HOSTILE))
    return st.sampled_from(HOSTILE) | st.text(max_size=8) | mixed


def values(kind: Any) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0911 - one case for each type of field
    """Values of a field's type, with hostile text wherever there is text."""
    arguments = get_args(kind)
    if kind is str:
        return texts()
    if kind is type(None):
        return st.none()
    if kind is Secret:
        return st.builds(Secret, texts())
    if kind is datetime:
        return st.datetimes(timezones=st.just(UTC))
    if get_origin(kind) is Literal:
        return st.sampled_from(arguments)
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of([values(one) for one in arguments])
    if get_origin(kind) is tuple and arguments[-1] is Ellipsis:
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if get_origin(kind) is tuple:
        return st.tuples(*map(values, arguments))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return st.builds(kind, **{name: values(hint) for name, hint in get_type_hints(kind).items() if name[0] != "_"})
    if kind in (int, float):
        return st.integers(-9, 9)
    return st.from_type(kind)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel with the mock cloud."""
    one = Kernel(GatewaySettings(driver="mock", drivers={"mock": {"storage": str(tmp_path_factory.mktemp("cloud"))}}))
    yield one
    one.close()


def incoming(kernel: Kernel, path: str, query: str = "") -> Incoming:
    """A request, taken in."""
    environ = create_environ(path=path, query_string=query)
    environ[ENVIRON_KEY] = RequestRecord(id="r1", raw_path=path, base_url=BASE, peer="127.0.0.1", local=True)
    request = Incoming(environ)
    request.take_in(kernel.settings)
    return request


def exchange(kernel: Kernel, collection: str, path: str = "/api/x", query: str = "") -> Exchange:
    """A request for a collection's first operation."""
    request, driver = incoming(kernel, path, query), kernel.drivers.get("mock")
    row = BY_NAME[collection].operations[0]
    provider = driver.provider(request.provider_text)
    made = Exchange(kernel, request, row, driver, provider=provider, answer_format="html", ids={"id": "x"})
    made.credentials = Credentials("mockuser", Secret("mockpassword"))
    request.exchange = made
    return made


def check(page: bytes) -> Any:
    """Look at a page as a browser does, and see that it holds nothing that the templates do not.

    Returns:
        The document.
    """
    text = page.decode()
    assert text == legal(text)
    document = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    for element in document.iter():
        assert element.tag in TAGS.split(), element.tag
        assert {name.lower() for name in element.attrib} <= set(ATTRIBUTES.split()), element.attrib
    for place in document.xpath("//@href | //@action | //@src | //@data-url | //@data-count"):
        assert place == "/" or place.startswith(("/api", "#")), place
    assert all(one.get("src") and not one.text for one in document.iter("script"))
    return document


def shown(document: Any) -> str:
    """The text of the page, as it is read."""
    return normal(document.find(".//main").text_content())


def normal(text: str) -> str:
    """Text as a reader gets it back: with characters that no document can hold replaced, and blanks told as one."""
    return " ".join(legal(text).split())


@pytest.mark.parametrize("collection", sorted(set(MODELS) - {"buckets"}))
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_any_text_in_any_field_stays_text(kernel: Kernel, collection: str, data: st.DataObject) -> None:
    item = data.draw(values(MODELS[collection]))
    document = check(pages.details(exchange(kernel, collection), Shown(collection, item)))
    assert normal(item.id) in shown(document)
    if collection != "blobs":
        document = check(pages.listing(exchange(kernel, collection), Listed(collection, [item, item])))
        assert normal(item.id) in shown(document)


@settings(max_examples=20, deadline=None)
@given(bucket=values(Bucket), entries=st.none() | st.lists(values(BlobEntry), max_size=3))
def test_names_of_blobs_stay_text(kernel: Kernel, bucket: Bucket, entries: list[BlobEntry] | None) -> None:
    document = check(pages.bucket(exchange(kernel, "buckets"), BucketShown(bucket, entries), entries))
    for one in entries or ():
        assert normal(one.id) in shown(document)


@settings(max_examples=20, deadline=None)
@given(instance_id=texts(), command=texts(), output=values(CommandOutput))
def test_what_a_command_printed_stays_text(
    kernel: Kernel, instance_id: str, command: str, output: CommandOutput
) -> None:
    document = check(pages.command_output(exchange(kernel, "instances"), instance_id, command, output))
    assert normal(output.output) in shown(document)
    assert normal(command) in shown(document)


@settings(max_examples=20, deadline=None)
@given(message=texts(), code=texts(), url=texts())
def test_an_errors_message_stays_text(kernel: Kernel, message: str, code: str, url: str) -> None:
    facts = ErrorFacts(status=400, url=url, message=message, error="E", code=code, request_id="r1")
    document = check(pages.error(facts, incoming(kernel, "/api")))
    assert normal(message) in shown(document)


@pytest.mark.parametrize("value", [one for one in HOSTILE if one.isprintable()])
def test_what_fills_a_form_in_stays_a_value(kernel: Kernel, value: str) -> None:
    collection = BY_NAME["instances"]
    create = collection.operation("create")
    assert create is not None
    query = with_query("", ("image_id", value), ("initial_state", value))[1:]
    document = check(pages.form(exchange(kernel, "instances", query=query), collection, create))
    assert document.get_element_by_id("create-image_id").value == value


@pytest.mark.parametrize("value", [one for one in HOSTILE if one.isprintable()])
def test_what_fills_a_text_area_in_stays_a_value(kernel: Kernel, value: str) -> None:
    collection = BY_NAME["firewalls"]
    create = collection.operation("create")
    assert create is not None
    query = with_query("", ("description", value))[1:]
    document = check(pages.form(exchange(kernel, "firewalls", query=query), collection, create))
    # browsers drop the first line break of a text area, which this parser keeps
    assert document.get_element_by_id("create-description").value == f"\n{value}"


@pytest.mark.parametrize("value", [one for one in HOSTILE if one.isprintable() and "#" not in one])
def test_a_provider_stays_a_part_of_the_path(kernel: Kernel, value: str) -> None:
    path = "/api;provider=" + segment(value)
    document = check(pages.listing(exchange(kernel, "realms", f"{path}/realms"), Listed("realms", [])))
    assert value in document.find(".//header").text_content()
    assert document.find('.//a[@rel="home"]').get("href") == path


def test_secrets_are_not_put_into_forms(kernel: Kernel) -> None:
    collection = BY_NAME["instances"]
    run = collection.operation("run")
    assert run is not None
    page = pages.form(exchange(kernel, "instances", query="password=sesame&private_key=sesame"), collection, run)
    assert b"sesame" not in page


def test_tags_and_metadata_that_look_like_links_are_shown_as_they_are(kernel: Kernel) -> None:
    disguised = (("href", f"{BASE}/api/keys/other"), ("id", "other"))
    item = Blob(id="b", bucket_id="a", user_metadata=disguised)
    document = check(pages.details(exchange(kernel, "blobs"), Shown("blobs", item)))
    assert document.xpath("//dd//dd/text()") == [f"{BASE}/api/keys/other", "other"]
