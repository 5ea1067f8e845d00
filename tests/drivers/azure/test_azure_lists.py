"""Lists of Azure: pages, prefixes, what real clouds sent, and as many blobs as one likes."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from azurehooks import azure_api, azure_hooks
from blobservice import BlobService, Call, error
from deltacloud.errors import NotFound
from deltacloud.models import BlobEntry, Bucket
from deltacloud.testing.caller import Caller
from deltacloud.testing.resources import RESOURCES
from loopback import reply

Service = tuple[BlobService, str]
MANY = 3_250
MIB = 1024 * 1024


@pytest.fixture
def hooks(service: Service) -> Iterator[Caller]:
    with azure_hooks(service[1], next(iter(service[0].keys.items()))) as hooks:
        yield hooks


def _says(service: Service, *pages: str | bytes) -> None:
    """Have the service give these documents one after the other, by the markers ``1``, ``2``, ..."""
    bodies = [page.encode() if isinstance(page, str) else page for page in pages]
    markers = ["", *(_MARKER.findall(body)[0].decode() for body in bodies[:-1])]

    def answer(call: Call) -> list[bytes]:
        return reply(bodies[markers.index(call.query.get("marker", ""))], Content_Type="application/xml")

    service[0].fault = answer


_MARKER = re.compile(rb"<NextMarker>(.*)</NextMarker>")


def _page(entries: str, marker: str = "") -> str:
    return f"<EnumerationResults><Blobs>{entries}</Blobs><NextMarker>{marker}</NextMarker></EnumerationResults>"


def _blob(name: str, properties: str = "", attributes: str = "") -> str:
    return f"<Blob><Name{attributes}>{name}</Name><Properties>{properties}</Properties></Blob>"


def _entries(hooks: Caller, delimiter: str | None = None) -> list[BlobEntry]:
    return list(hooks.lister.blobs("box", None, delimiter, None).items)  # type: ignore[arg-type]


def test_pages_may_be_empty_in_the_middle(service: Service, hooks: Caller) -> None:
    _says(service, _page("", "a"), _page(_blob("one"), "b"), _page("", "c"), _page("", "d&amp;e"), _page(_blob("two")))
    service[0].fault = _unescaped(service[0].fault)
    assert [entry.id for entry in _entries(hooks)] == ["one", "two"]


def _unescaped(fault: Callable[[Call], object]) -> Callable[[Call], list[bytes]]:
    """The same for a service whose markers hold what XML escapes."""

    def answer(call: Call) -> list[bytes]:
        query = {name: value.replace("&", "&amp;") for name, value in call.query.items()}
        return fault(Call(call.asked, call.account, call.container, call.blob, query))  # type: ignore[return-value]

    return answer


def test_a_bucket_is_not_empty_when_its_first_pages_are(service: Service, hooks: Caller) -> None:
    _says(service, _page("", "a"), _page("", "b"), _page(_blob("last")))
    with pytest.raises(Exception, match="not empty"):
        hooks.call("destroy_bucket", bucket_id="box")
    assert [call.asked.method for call in service[0].calls] == ["GET"] * 3


def test_directories_of_a_hierarchical_account_are_not_blobs(service: Service, hooks: Caller) -> None:
    directory, file = (f"<ResourceType>{kind}</ResourceType>" for kind in ("directory", "file"))
    prefix = f"<BlobPrefix><Name>folder/</Name><Properties>{directory}</Properties></BlobPrefix>"
    _says(service, _page(_blob("folder", directory) + _blob("folder/file", file) + prefix))
    found = _entries(hooks, "/")
    assert [(entry.id, entry.is_prefix) for entry in found] == [("folder/file", False), ("folder/", True)]


def test_names_that_xml_cannot_hold_are_decoded(service: Service, hooks: Caller) -> None:
    encoded = _blob("a%ef%bf%bfb%2520", attributes=' Encoded="true"')
    prefix = '<BlobPrefix><Name Encoded="true">c%ef%bf%be/</Name></BlobPrefix>'
    _says(service, _page(encoded + _blob("%41") + _blob(" sp ") + _blob("\t") + prefix))
    assert [entry.id for entry in _entries(hooks)] == ["a\uffffb%20", "%41", " sp ", "\t", "c\ufffe/"]


def test_what_the_list_has_for_free_is_told(service: Service, hooks: Caller) -> None:
    told = (
        '<Last-Modified>Mon, 23 Nov 2026 08:27:51 GMT</Last-Modified><Etag>"0x8D"</Etag>'
        "<Content-Length>5368709120</Content-Length>"
    )
    _says(service, _page(_blob("full", told) + _blob("bare")))
    time = datetime(2026, 11, 23, 8, 27, 51, tzinfo=UTC)
    assert _entries(hooks) == [
        BlobEntry(id="full", content_length=5 * 1024**3, last_modified=time, etag="0x8D"),
        BlobEntry(id="bare"),
    ]


def test_a_list_that_fails_on_a_later_page_says_so(service: Service, hooks: Caller) -> None:
    pages = {"": reply(_page(_blob("one"), "next").encode(), Content_Type="application/xml")}
    service[0].fault = lambda call: pages.get(call.query.get("marker", ""), error(404, "ContainerNotFound"))
    entries = iter(hooks.lister.blobs("box", None, None, None).items)
    assert next(entries).id == "one"
    with pytest.raises(NotFound):
        next(entries)


def test_clients_go_through_a_list_by_its_links(service: Service) -> None:
    blobs, url = service
    blobs.blobs = {("account", "box"): {f"{number:02}": b"x" for number in range(11)}}
    client, seen, path = azure_api(url, page_size=3), list[str](), "/api/buckets/box?limit=4"
    while path:
        answer = client("GET", path, user=next(iter(blobs.keys.items())))
        assert answer.status == 200
        seen += [entry["id"] for entry in answer.json["bucket"]["blob_list"]]
        link = answer.headers.get("link", "")
        path = link.partition(">")[0].partition("localhost:3001")[2]
    assert seen == [f"{number:02}" for number in range(11)]
    asked = [int(call.query["maxresults"]) for call in blobs.calls if call.name == "GET container list"]
    assert max(asked) == 3


def test_as_many_blobs_as_there_are_take_the_memory_of_a_page(service: Service) -> None:
    blobs, url = service
    blobs.many = MANY
    blobs.blobs[("account", "many")] = {}
    with azure_hooks(url, next(iter(blobs.keys.items())), page_size=100) as hooks:
        assert next(iter(hooks.lister.blobs("many", None, None, None).items)).id == "00000000"
        tracemalloc.start()
        try:
            count = total = 0
            for entry in hooks.lister.blobs("many", None, None, None).items:
                count, total = count + 1, total + (entry.content_length or 0)  # type: ignore[attr-defined]
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert (count, total) == (MANY, sum(range(MANY)))
    assert peak < 4 * MIB, "all of them at once would take ten times that"


@pytest.fixture
def libcloud(recorded: Path) -> Callable[[str], bytes]:
    """What Azure sent in 2013, by the recording's name."""
    folder = recorded / "recorded" / "libcloud" / "storage" / "azure_blobs"
    return lambda name: (folder / f"{name}.xml").read_bytes()


def test_recorded_lists_of_buckets_are_read(service: Service, hooks: Caller, libcloud: Callable[[str], bytes]) -> None:
    _says(service, libcloud("list_containers_1"), libcloud("list_containers_2"))
    assert hooks.items(RESOURCES["buckets"]) == [Bucket(id=f"container{n}", name=f"container{n}") for n in (1, 2, 3, 4)]
    _says(service, libcloud("list_containers_empty"))
    assert hooks.items(RESOURCES["buckets"]) == []


def test_recorded_lists_of_blobs_are_read(service: Service, hooks: Caller, libcloud: Callable[[str], bytes]) -> None:
    _says(service, libcloud("list_objects_1"), libcloud("list_objects_2"))
    found = _entries(hooks)
    assert [(entry.id, entry.content_length) for entry in found] == [
        ("object1.txt", 0), ("object2.txt", MIB), ("object3.txt", MIB), ("object4.txt", 0),
    ]  # fmt: skip
    assert found[0].last_modified == datetime(2013, 1, 4, 9, 48, 6, tzinfo=UTC)
    assert found[0].etag == "0x8CFB877BB56A6FB"
    _says(service, libcloud("list_objects_empty"))
    assert _entries(hooks) == []
