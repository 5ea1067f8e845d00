"""A request for every operation that there is, made out of the operations' own rows, and the hooks that it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.entry import ENTRY_POINT
from deltacloud.api.operations import Collection, Operation
from deltacloud.parameters import Parameter

FORM = "application/x-www-form-urlencoded"
CONTENT = b"\x00\xffcontent" * 8192
_BOUNDARY = "boundary"
_VALUES = {"address_block": "10.0.0.0/24", "protocol": "tcp", "listener_protocol": "HTTP"}
_FURTHER = {
    "rules.create": {"protocol": "tcp", "port_from": "1", "port_to": "2", "ip_address1": "10.0.0.0/8"},
    "api.entry": {"force_auth": "1"},
}
"""What operations need although their rows do not say so, or what makes them ask the cloud."""


@dataclass(frozen=True)
class Try:
    """A request that a sound cloud answers.

    Attributes:
        name: The operation's, and a word for what is particular about the request.
        method: The method.
        path: Below ``/api``, with its query.
        body: The body.
        content_type: Its type.
        headers: Further headers.
        chunked: Whether the body's length is not told.
        creates: Whether it makes something that a second request would make again.
    """

    name: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    chunked: bool = False
    creates: bool = False


def tries() -> list[Try]:
    """One for every row, and more for those that can be used in several ways."""
    rows = [
        (collection, operation) for collection in (ENTRY_POINT, *COLLECTIONS) for operation in collection.operations
    ]
    found = {f"{one.name}.{operation.name}": _of(one, operation) for one, operation in rows}
    return [*found.values(), *_variants(found)]


def _of(collection: Collection, operation: Operation) -> Try:
    name = f"{collection.name}.{operation.name}"
    path = re.sub(r"{(\w+)}", lambda field: "wire" if collection.name == "drivers" else f"{field[1]}-1", operation.path)
    values = {one.name: _value(one) for one in operation.parameters if one.required and one.location == "form"}
    values |= _FURTHER.get(name, {})
    made = Try(name, operation.method, path, creates=operation.status == 201)
    if operation.body == "form":
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        return replace(made, body=_multipart(values), content_type=kind, creates=False)
    if operation.body == "content":
        return replace(made, body=CONTENT, content_type="application/octet-stream")
    if operation.method == "POST" and operation.body == "parameters":
        return replace(made, body=urlencode(values).encode(), content_type=FORM)
    return replace(made, path=f"{path}?{urlencode(values)}") if values else made


def _value(parameter: Parameter) -> str:
    if parameter.values:
        return parameter.values[0]
    if parameter.type == "integer":
        return str(parameter.minimum or 1)
    return _VALUES.get(parameter.name, f"{parameter.name}-1")


def _multipart(values: dict[str, str]) -> bytes:
    """A form whose file comes last, as browsers send it."""
    fields = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in values.items()
        if name != "blob_data"
    ]
    file = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="blob_data"; filename="f"\r\n\r\n'
    return "".join([*fields, file]).encode() + CONTENT + f"\r\n--{_BOUNDARY}--\r\n".encode()


def _variants(found: dict[str, Try]) -> Iterator[Try]:
    put, show, blobs = found["blobs.put"], found["buckets.show"], found["blobs.content"]
    yield replace(put, name="blobs.put chunked", chunked=True)
    segmented = replace(put, path=f"{put.path}?blob_type=segmented")
    yield replace(segmented, name="blobs.put first of several", body=b"")
    segmented = replace(segmented, path=f"{segmented.path}&segmented_blob=upload-1")
    yield replace(segmented, name="blobs.put part", path=f"{segmented.path}&segment_order=1")
    yield replace(segmented, name="blobs.put last of several", body=b"1=a , 2=b", content_type="text/plain")
    yield replace(found["blobs.destroy"], name="blobs.destroy parts", path=f"{put.path}?segmented_blob=upload-1")
    yield replace(blobs, name="blobs.content range", headers=(("Range", "bytes=100-199"),))
    yield replace(show, name="buckets.show page", path=f"{show.path}?limit=1")
    yield replace(found["images.index"], name="images.index page", path="/images?limit=1")
    yield replace(found["api.entry"], name="api.entry account", path="")
    several = urlencode({"image_id": "image-1", "instance_count": "3", "hwp_id": "hardwareprofile1"}).encode()
    yield replace(found["instances.create"], name="instances.create several", body=several)
