"""The driver ``wire``: every hook is one request through ``context.http`` to the provider, which is a URL.

``list_instances`` is ``GET URL/list_instances``, ``create_key`` is ``POST URL/create_key`` with its input as JSON, and
so on; identifiers go into the query. Answers are the models' own JSON. So whatever a server at that URL does to a
client, it does to each hook there is.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from ipaddress import IPv4Interface, IPv6Interface
from typing import Any, get_args, get_type_hints

import msgspec
import requests
from requests.auth import HTTPBasicAuth

from deltacloud.blobs import BlobContent, BlobUpload
from deltacloud.context import Context
from deltacloud.driver import CredentialFields, Driver, Parameter, StateMachine
from deltacloud.errors import from_response
from deltacloud.features import KNOWN
from deltacloud.hookspecs import ComputeSpec, StorageSpec
from deltacloud.inputs import ByteRange
from deltacloud.models import Blob, Model
from deltacloud.outbound import endpoints
from deltacloud.providers import Endpoints, ParsedProvider, Providers
from deltacloud.secret import Secret

CHUNK = 256 * 1024
NEXT = "X-Wire-Next"
"""The header that names the marker of the next page."""


def _installation(text: str) -> ParsedProvider:
    return ParsedProvider(text=text, endpoints={"api": endpoints.parse(text).url})


class WireDriver(Driver):
    """Hands everything on to an HTTP server."""

    name = "wire"
    title = "Wire"
    contract = 1
    credentials = CredentialFields(token="Session token")
    providers = Providers(
        endpoints=Endpoints(_installation, "http://127.0.0.1:8000/ok", "A provider is a URL."), required=True
    )
    features = tuple(KNOWN.values())
    parameters = (
        Parameter(name="wire_secret", operation="instances.create", secret=True, help="A secret of this driver's own"),
    )
    states = StateMachine(
        ("start", "create", "running"), ("running", "stop", "stopped"), ("stopped", "start", "running")
    )

    # The streams; all other hooks are made below.

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        """A blob's content as it arrives."""
        asked = {"bucket_id": bucket_id, "blob_id": blob_id}
        if byte_range is not None:
            asked |= {"first": str(byte_range.first), "last": str(byte_range.last), "suffix": str(byte_range.suffix)}
        answer = _send(context, "GET", "read_blob", params=asked, stream=True)
        length = answer.headers.get("Content-Length")
        return BlobContent(
            chunks=answer.iter_content(CHUNK),
            content_type=answer.headers.get("Content-Type"),
            length=None if length is None else int(length),
            on_close=answer.close,
        )

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        """A blob's content as the client sends it."""
        answer = _upload(context, "write_blob", upload, bucket_id=bucket_id, blob_id=blob_id)
        blob: Blob = _decoded(answer.content, Blob)
        return blob

    def write_segment(
        self, context: Context, bucket_id: str, blob_id: str, upload_id: str, number: int, upload: BlobUpload
    ) -> str:
        """A part's content as the client sends it."""
        names = {"bucket_id": bucket_id, "blob_id": blob_id, "upload_id": upload_id, "number": str(number)}
        segment: str = _decoded(_upload(context, "write_segment", upload, **names).content, str)
        return segment


def _add_hooks() -> None:
    for spec in (ComputeSpec, StorageSpec):
        for name, function in vars(spec).items():
            if not name.startswith("_") and name != "translate_error" and name not in vars(WireDriver):
                setattr(WireDriver, name, _hook(name, function))


def _hook(name: str, specification: Callable[..., Any]) -> Callable[..., Any]:
    arguments = [one for one in inspect.signature(specification).parameters if one not in {"self", "filters", "page"}]
    result = get_type_hints(specification)["return"]

    def act(context: Context, *values: object) -> object:
        named = dict(zip(arguments[1:], values, strict=True))
        if name.startswith("list_"):
            return _pages(context, name, named, get_args(get_args(result)[0])[0])
        answer = _ask(context, name, named)
        return None if result is type(None) else _decoded(answer.content, result)

    # The plugin manager reads the names of arguments from the code, so the code must have them.
    names = ", ".join(arguments)
    hook: Callable[..., Any] = eval(f"lambda self, {names}: act({names})", {"act": act})  # noqa: S307 - our own names
    return hook


def _pages(context: Context, name: str, arguments: dict[str, object], model: type[Model]) -> Iterator[Model]:
    marker: str | None = ""
    while marker is not None:
        answer = _ask(context, name, arguments | ({"marker": marker} if marker else {}))
        yield from _decoded(answer.content, list[model])  # type: ignore[valid-type]  # a type made at run time
        marker = answer.headers.get(NEXT)


def _ask(context: Context, name: str, arguments: dict[str, object]) -> requests.Response:
    """Identifiers go into the query, all else into the body; a key against doing it twice makes it repeatable."""
    names = {key: value for key, value in arguments.items() if isinstance(value, str | int)}
    inputs = {key: value for key, value in arguments.items() if key not in names and value is not None}
    if context.extra:
        inputs["extra"] = dict(context.extra)
    if name.startswith(("list_", "get_", "inspect_")):
        return _send(context, "GET", name, params=names)
    method = "DELETE" if name.startswith(("destroy_", "abort_")) else "POST"
    body = msgspec.json.encode(inputs, enc_hook=_plain) if inputs else None
    return _send(context, method, name, params=names, data=body, retry=context.idempotency_key is not None)


def _upload(context: Context, name: str, upload: BlobUpload, **names: str) -> requests.Response:
    headers = {"Content-Type": upload.content_type}
    if upload.length is not None:
        headers["Content-Length"] = str(upload.length)
    return _send(context, "PUT", name, params=names, data=iter(upload), headers=headers)


def _send(context: Context, method: str, name: str, **options: Any) -> requests.Response:
    base = context.provider.endpoints["api"]
    session = context.http(base)
    caller = context.credentials
    session.auth = HTTPBasicAuth(caller.username.encode(), caller.password.reveal().encode())
    session.headers["X-Wire-Request"] = context.request_id
    if caller.token is not None:
        session.headers["X-Wire-Token"] = caller.token.reveal()
    if context.idempotency_key is not None:
        session.headers["Idempotency-Key"] = context.idempotency_key
    answer = session.request(method, f"{base}/{name}", **options)
    if answer.status_code >= requests.codes.multiple_choices:
        answer.close()
        raise from_response(answer)
    return answer


def _decoded(text: bytes, kind: Any) -> Any:
    """An answer as the type it should be; one that cannot be read is the cloud's fault."""
    try:
        return msgspec.json.decode(text, type=kind, dec_hook=_secret)
    except msgspec.MsgspecError:
        raise requests.exceptions.ContentDecodingError("not what was asked for") from None


def _secret(kind: type, value: object) -> object:
    if kind is Secret:
        return Secret(str(value))
    raise NotImplementedError(kind)


def _plain(value: object) -> object:
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, IPv4Interface | IPv6Interface):
        return str(value)
    raise NotImplementedError(type(value))


_add_hooks()
