"""Lists: what a driver leaves out, the core does. No list is ever cut short in silence.

A driver that names ``page`` follows its cloud's pages; for one that does not, the core cuts the pages. A driver that
names ``filters`` may narrow; the core applies them all again, except those that are the driver's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING

from deltacloud.errors import InvalidRequest, NotFound
from deltacloud.inputs import Filters, PageRequest
from deltacloud.models import BlobEntry, HardwareProfile, Model, Page

if TYPE_CHECKING:
    from deltacloud.kernel.drivers import LoadedDriver

Invoke = Callable[[str, dict[str, object]], object]
"""Calls a hook of the request's driver with its arguments."""

_NO_FIELD = object()
_NAMES = tuple(name for name in Filters.__struct_fields__ if name != "tags")


class Lister:
    """Lists of one driver for one request.

    Args:
        driver: The driver.
        invoke: How its hooks are called.
    """

    def __init__(self, driver: LoadedDriver, invoke: Invoke) -> None:
        self._driver = driver
        self._invoke = invoke

    def whole(self, hook: str, filters: Filters, arguments: Mapping[str, object] | None = None) -> Iterable[Model]:
        """Everything, lazily, through all of the driver's pages."""
        if not self._driver.names(hook, "page"):
            return self._filtered(hook, self._items(hook, filters, arguments), filters)
        return self._filtered(hook, self._through_pages(hook, filters, arguments), filters)

    def page(
        self, hook: str, filters: Filters, page: PageRequest, arguments: Mapping[str, object] | None = None
    ) -> Page[Model]:
        """One page and the marker of the next.

        Raises:
            InvalidRequest: the marker names nothing that is there (any more).
        """
        if self._driver.names(hook, "page"):
            answer = self._ask(hook, filters, page, arguments)
            return Page(self._filtered(hook, answer.items, filters), answer.next_marker)
        items = iter(self._filtered(hook, self._items(hook, filters, arguments), filters))
        return _cut(items, page)

    def blobs(self, bucket_id: str, prefix: str | None, delimiter: str | None, page: PageRequest | None) -> Page[Model]:
        """The blobs of a bucket, whole (``page`` is None) or one page; folded at the delimiter.

        A driver that does not name both ``prefix`` and ``delimiter`` gives all names, and the core narrows and folds.
        """
        hook = "list_blobs"
        theirs = self._driver.names(hook, "prefix") and self._driver.names(hook, "delimiter")
        if theirs or (prefix is None and delimiter is None):
            where = {"bucket_id": bucket_id, "prefix": prefix, "delimiter": delimiter}
            return Page(self.whole(hook, Filters(), where)) if page is None else self.page(hook, Filters(), page, where)
        every = self.whole(hook, Filters(), {"bucket_id": bucket_id, "prefix": None, "delimiter": None})
        return _cut(folded(every, prefix or "", delimiter), page or PageRequest())

    def find(self, hook: str, identifier: str) -> Model:
        """The item of that id, out of the list.

        Raises:
            NotFound: there is none.
        """
        for item in self.whole(hook, Filters(id=(identifier,))):
            return item
        raise NotFound

    def narrowed(self, items: Iterable[Model], filters: Filters) -> Iterable[Model]:
        """Declared items, as the filters would have a list of them."""
        tests = _tests(filters, frozenset())
        return (item for item in items if all(test(item) for test in tests))

    def _through_pages(self, hook: str, filters: Filters, arguments: Mapping[str, object] | None) -> Iterator[Model]:
        marker: str | None = None
        while True:
            answer = self._ask(hook, filters, PageRequest(marker=marker), arguments)
            yield from answer.items
            marker = answer.next_marker
            if marker is None:
                return

    def _items(self, hook: str, filters: Filters, arguments: Mapping[str, object] | None) -> Iterable[Model]:
        return self._ask(hook, filters, PageRequest(), arguments).items

    def _ask(
        self, hook: str, filters: Filters, page: PageRequest, arguments: Mapping[str, object] | None
    ) -> Page[Model]:
        answer = self._invoke(hook, {"filters": filters, "page": page, **(arguments or {})})
        if isinstance(answer, Page):
            return answer
        return Page(answer)  # type: ignore[arg-type]

    def _filtered(self, hook: str, items: Iterable[Model], filters: Filters) -> Iterable[Model]:
        theirs = {"owner_id"}
        if "realm_filter" in self._driver.features and self._driver.names(hook, "filters"):
            theirs.add("realm_id")
        tests = _tests(filters, frozenset(theirs))
        return items if not tests else (item for item in items if all(test(item) for test in tests))


def _tests(filters: Filters, theirs: frozenset[str]) -> list[Callable[[Model], bool]]:
    """What an item must pass; ``theirs`` are the filters that the driver applies itself."""
    tests = [_one_of(name, wanted) for name in _NAMES if name not in theirs and (wanted := getattr(filters, name))]
    if filters.tags:
        tests.append(_tagged(filters.tags))
    return tests


def _one_of(name: str, wanted: tuple[str, ...]) -> Callable[[Model], bool]:
    accepted = frozenset(one.lower() for one in wanted) if name == "state" else frozenset(wanted)

    def test(item: Model) -> bool:
        if name == "architecture" and isinstance(item, HardwareProfile):
            return _runs(item, accepted)
        value = getattr(item, name, _NO_FIELD)
        if value is _NO_FIELD:
            return True  # an unknown filter is ignored
        return (str(value).lower() if name == "state" else value) in accepted

    return test


def _runs(profile: HardwareProfile, architectures: frozenset[str]) -> bool:
    """Whether a profile runs one of them; one that leaves a choice runs all that can be chosen."""
    found = profile.property("architecture")
    return found is not None and any(map(found.accepts, architectures))


def _tagged(wanted: tuple[tuple[str, str], ...]) -> Callable[[Model], bool]:
    def test(item: Model) -> bool:
        if not hasattr(item, "tags"):
            return True
        return set(wanted) <= set(item.tags or ())

    return test


def _cut(items: Iterator[Model], page: PageRequest) -> Page[Model]:
    """One page out of a whole list: the marker is the id of the last item before it."""
    if page.marker is not None and not any(item.id == page.marker for item in items):
        raise InvalidRequest("The marker names nothing in this list any more", "marker")
    if page.limit is None:
        return Page(items)
    cut = list(islice(items, page.limit))
    more = next(items, None)
    return Page(cut, cut[-1].id if more is not None and cut else None)


def folded(entries: Iterable[Model], prefix: str, delimiter: str | None) -> Iterator[Model]:
    """Blobs whose names begin with ``prefix``; those that go on beyond a delimiter as one entry for all of them."""
    seen: set[str] = set()
    for entry in entries:
        if not entry.id.startswith(prefix):
            continue
        end = entry.id.find(delimiter, len(prefix)) if delimiter else -1
        if delimiter is None or end < 0:
            yield entry
            continue
        name = entry.id[: end + len(delimiter)]
        if name not in seen:
            seen.add(name)
            yield BlobEntry(id=name, is_prefix=True)


def peek(items: Iterable[Model], count: int) -> tuple[list[Model], Iterator[Model]]:
    """The first ``count`` items, and all of them again as one iterator."""
    iterator = iter(items)
    first = list(islice(iterator, count))
    return first, chain(first, iterator)
