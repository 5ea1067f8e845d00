"""No list is ever cut short in silence."""

from __future__ import annotations

import math

from deltacloud.inputs import Filters, PageRequest
from deltacloud.models import BlobEntry
from deltacloud.testing.caller import Caller, ids_of
from deltacloud.testing.check import GUIDE, NotChecked, check, check_each, expect
from deltacloud.testing.resources import RESOURCES, Resource
from deltacloud.testing.run import Run
from deltacloud.testing.uploading import Upload

_PAGES = 2.5


def _wanted(run: Run) -> int:
    """How many entries are two and a half pages of the backend's."""
    return math.ceil(run.backend.page_size * _PAGES)


@check_each(
    RESOURCES.values(),
    "pages",
    "a list is whole over two and a half pages of the cloud's, and by limit and marker it has each thing once",
    (GUIDE, "Lists"),
    hooks=lambda resource: (resource.list_hook,),
    wants=("small_pages", "page_size"),
)
def _pages(run: Run, resource: Resource) -> None:
    there = _fill(run, resource)
    paged = run.caller(run.backend.credentials, variant=run.need("small_pages"))
    whole = ids_of(paged.items(resource))
    _compare(resource.list_hook, whole, there)
    really = run.really(resource)
    if really is not None:
        _compare(resource.list_hook, whole, sorted(really))
    for limit in {1, run.backend.page_size, run.backend.page_size + 1}:
        _compare(f"{resource.list_hook} by pages of {limit}", _by_pages(paged, resource, limit, len(there)), there)


@check(
    "blobs.pages",
    "the list of a bucket is whole over two and a half pages, and by limit and marker it has each blob once",
    (GUIDE, "Lists"),
    hooks=("list_buckets", "list_blobs", "write_blob"),
    wants=("small_pages", "page_size"),
)
def _blob_pages(run: Run) -> None:
    bucket = run.standing("buckets").id
    names = [run.backend.blob_name(f"{run.prefix}page/{number:04}") for number in range(_wanted(run))]
    for name in names:
        run.main.call("write_blob", bucket_id=bucket, blob_id=name, upload=Upload(b"x"))
    paged = run.caller(run.backend.credentials, variant=run.need("small_pages"))
    prefix = run.backend.blob_name(f"{run.prefix}page/")
    _compare("list_blobs", ids_of(paged.lister.blobs(bucket, prefix, None, None).items), names)
    found: list[BlobEntry] = []
    marker = None
    for _ in range(len(names) + 1):
        page = paged.lister.blobs(bucket, prefix, None, PageRequest(limit=2, marker=marker))
        found += page.items  # type: ignore[arg-type]
        marker = page.next_marker
        if marker is None:
            break
    _compare("list_blobs by pages of 2", ids_of(found), names)
    if run.has("destroy_blob"):
        for name in names:
            run.main.call("destroy_blob", bucket_id=bucket, blob_id=name)


def _fill(run: Run, resource: Resource) -> list[str]:
    """See to it that the collection has more than two and a half pages; returns all its ids."""
    there = ids_of(run.main.items(resource))
    missing = _wanted(run) - len(there)
    if missing <= 0 or resource.collection in run.backend.unpaged:
        return there
    if run.has(resource.create_hook):
        made = there + ids_of(run.make(resource) for _ in range(missing))
        there = ids_of(run.main.items(resource))  # what they were made for may have brought some of its own along
        _compare(resource.list_hook, [one for one in there if one in made], made)
        return there
    if resource.comes_with and run.has(RESOURCES[resource.comes_with].create_hook):
        for _ in range(missing):
            run.make(RESOURCES[resource.comes_with])
        return ids_of(run.main.items(resource))
    raise NotChecked(f"there are {len(there)} {resource.collection}, and two and a half pages are {_wanted(run)}")


def _by_pages(who: Caller, resource: Resource, limit: int, most: int) -> list[str]:
    """The list, as a client walks through it."""
    found: list[str] = []
    marker = None
    for _ in range(most * 2 + 2):
        page = who.lister.page(resource.list_hook, Filters(), PageRequest(limit=limit, marker=marker))
        items = ids_of(page.items)
        expect(
            len(items) <= limit, f"{resource.list_hook} gave {len(items)} things where at most {limit} were asked for"
        )
        found += items
        marker = page.next_marker
        if marker is None:
            return found
    expect(False, f"{resource.list_hook} goes on for ever by pages of {limit}")  # noqa: FBT003 - it has failed
    return found


def _compare(what: str, found: list[str], wanted: list[str]) -> None:
    twice = len(found) - len(set(found))
    expect(not twice, f"{what} gave {twice} of {len(wanted)} things twice")
    missing, foreign = set(wanted) - set(found), set(found) - set(wanted)
    expect(not missing, f"{what} gave {len(set(wanted)) - len(missing)} of {len(set(wanted))} things")
    expect(not foreign, f"{what} gave {len(foreign)} things that are not there")
