"""Pages of lists.

The SDK follows the cloud's pages, but makes an object of forty fields out of each blob, which takes most of the time of
a long list. So it is asked for names only, and the rest is read from the answer that it has parsed for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from deltacloud.errors import AuthenticationFailed, Conflict
from deltacloud.models import BlobEntry, Bucket, Page
from deltacloud_azure.errors import code_of, sensible
from deltacloud_azure.mapping import bucket_from, entries_from, next_marker_from
from deltacloud_azure.names import checked_part

if TYPE_CHECKING:
    from azure.storage.blob import BlobServiceClient, ContainerClient


def containers(service: BlobServiceClient, marker: str | None, count: int) -> Page[Bucket]:
    """A page of the account's containers.

    Raises:
        AuthenticationFailed: an emulator has no such account; of Azure's, each has a host of its own.
    """
    pages = service.list_containers(results_per_page=count).by_page(continuation_token=marker)
    try:
        with sensible():
            names = [container.name for container in next(pages)]
    except Exception as error:
        if code_of(error) == "ResourceNotFound":
            raise AuthenticationFailed("There is no storage account of this name") from None
        raise
    return Page(map(bucket_from, names), pages.continuation_token or None)  # type: ignore[attr-defined]


def blobs(
    container: ContainerClient, prefix: str | None, delimiter: str | None, marker: str | None, count: int
) -> Page[BlobEntry]:
    """A page of a container's blobs.

    Raises:
        InvalidRequest: prefix or delimiter cannot be in a name.
    """
    prefix, delimiter = checked_part(prefix, "prefix"), checked_part(delimiter, "delimiter")
    answers: list[Any] = []
    options: dict[str, Any] = {"params": {"delimiter": delimiter}} if delimiter else {}
    names = container.list_blob_names(
        name_starts_with=prefix, results_per_page=count, raw_response_hook=answers.append, **options
    )
    with sensible():
        next(names.by_page(continuation_token=marker))
        listing = _parsed(answers.pop())
        page = Page(list(entries_from(listing)), next_marker_from(listing))
    listing.clear()  # the SDK's iterator holds it, and itself, so that only the garbage collector would let go of it
    return page


def require_empty(container: ContainerClient) -> None:
    """Look for a blob.

    Raises:
        Conflict: there is one.
    """
    marker: str | None = None
    while True:
        page = blobs(container, None, None, marker, 1)
        if next(iter(page.items), None) is not None:
            raise Conflict("The bucket is not empty")
        marker = page.next_marker
        if marker is None:
            return


def _parsed(answer: Any) -> Element:  # noqa: ANN401 - a response of the SDK's pipeline
    from azure.core.pipeline.policies import ContentDecodePolicy  # noqa: PLC0415 - imported at first use

    parsed = answer.context[ContentDecodePolicy.CONTEXT_NAME]
    if not isinstance(parsed, Element):
        raise TypeError("no XML")
    return parsed
