"""Ids that want to be paths, for every collection: shown, destroyed, and written as blobs."""

from __future__ import annotations

from collections.abc import Iterator

from abusetable.row import Row, ask
from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.operations import Operation

TRICKS = {
    "dots": "..",
    "encoded-dots": "%2e%2e",
    "dots-and-slash": "%2e%2e%2f",
    "path": "%2fetc%2fpasswd",
    "deep-path": "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "backslashes": "..%5c..%5cwindows",
    "semicolon": "a%3Bdriver=nosuch",
    "nul": "a%00b",
    "line-breaks": "a%0d%0aX-Injected:%20yes",
    "eight-kilobytes": "x" * 8192,
    "composed": "%C3%A9",
    "decomposed": "e%CC%81",
    "right-to-left": "%E2%80%AEgpj.exe",
    "markup": "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "statement": "'%20OR%201=1--",
    "wildcard": "%25",
    "non-character": "%EF%BF%BE",
    "template": "%7B%7B7*7%7D%7D",
}
"""Segments of paths, as they are sent."""

LONGEST = 1024
"""More bytes than this are too many for a blob's name in the mock cloud."""
_UNKNOWN = {"instances": 403}
"""What deleting an unknown one gets, where that is not 404."""


def _identifiers() -> Iterator[Row]:
    for collection in COLLECTIONS:
        for operation in collection.operations:
            if operation.path.count("{") == 1 and operation.name in ("show", "destroy"):
                yield from _rows(collection.name, operation)
    for name, trick in TRICKS.items():
        yield Row(name=f"id-blobs-show-{name}", request=ask(target=f"/api/buckets/bucket1/{trick}"), status=404)
        write = ask("PUT", f"/api/buckets/bucket1/{trick}", body="written")
        if len(trick) > LONGEST:
            yield Row(name=f"id-blobs-write-{name}", request=write, status=400, blames="blob_id")
        else:
            yield Row(name=f"id-blobs-write-{name}", request=write, status=200)
        yield Row(
            name=f"id-blobs-destroy-{name}",
            request=ask("DELETE", f"/api/buckets/bucket1/{trick}", accept=False),
            status=204,
            answers="empty",
        )


def _rows(collection: str, operation: Operation) -> Iterator[Row]:
    status = _UNKNOWN.get(collection, 404) if operation.name == "destroy" else 404
    for name, trick in TRICKS.items():
        target = "/api" + operation.path.replace("{id}", trick)
        yield Row(name=f"id-{collection}-{operation.name}-{name}", request=ask(operation.method, target), status=status)


IDENTIFIERS = tuple(_identifiers())
