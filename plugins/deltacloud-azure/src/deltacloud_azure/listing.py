"""Pages of lists.

The SDK follows the cloud's pages, but makes an object of forty fields out of each blob, which takes most of the time of
a long list. So it is asked for names only, and the rest is read from the answer that it has parsed for that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from deltacloud.errors import Conflict, ProviderError
from deltacloud.models import BlobEntry, Bucket, Page
from deltacloud_azure.mapping import bucket_from, entries_from, next_marker_from

if TYPE_CHECKING:
    from azure.storage.blob import BlobServiceClient, ContainerClient


def containers(service: BlobServiceClient, marker: str | None, count: int) -> Page[Bucket]:
    """A page of the account's containers."""
    pages = service.list_containers(results_per_page=count).by_page(continuation_token=marker)
    with _sensible():
        names = [container.name for container in next(pages)]
    return Page(map(bucket_from, names), pages.continuation_token or None)  # type: ignore[attr-defined]


def blobs(
    container: ContainerClient, prefix: str | None, delimiter: str | None, marker: str | None, count: int
) -> Page[BlobEntry]:
    """A page of a container's blobs."""
    answers: list[Any] = []
    options: dict[str, Any] = {"params": {"delimiter": delimiter}} if delimiter else {}
    names = container.list_blob_names(
        name_starts_with=prefix or None, results_per_page=count, raw_response_hook=answers.append, **options
    )
    with _sensible():
        next(names.by_page(continuation_token=marker))
        listing = _parsed(answers[-1])
        return Page(list(entries_from(listing)), next_marker_from(listing))


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


@contextlib.contextmanager
def _sensible() -> Iterator[None]:
    """The SDK reads answers without looking at them first; whatever it stumbles over is no answer of the cloud's."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ProviderError("The provider's answer cannot be read") from None
