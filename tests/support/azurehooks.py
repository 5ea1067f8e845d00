"""The driver of Azure, called hook by hook as the gateway calls it, and over its API."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from apiclient import Client
from azureaccounts import Login
from deltacloud.inputs import BlobProperties, NewBucket
from deltacloud.kernel import GatewaySettings, Kernel
from deltacloud.testing import Backend
from deltacloud.testing.caller import Caller, Place
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.uploading import Upload, whole

MIB = 1024 * 1024


def azure_api(url: str, timeout: float = 60.0, **settings: object) -> Client:
    """The gateway's API in this process, with Azure for its driver.

    Args:
        url: The provider.
        timeout: Seconds until an answer begins.
        settings: The ``[drivers.azure]`` table; underscores are hyphens.
    """
    table = {name.replace("_", "-"): value for name, value in settings.items()}
    return Client(GatewaySettings(driver="azure", provider=url, timeout=timeout, drivers={"azure": table}))


@contextlib.contextmanager
def azure_hooks(url: str, login: Login, seconds: float = 60.0, **settings: object) -> Iterator[Caller]:
    """One caller of the driver's hooks.

    Args:
        url: The provider.
        login: Whose calls they are.
        seconds: How long a call may take.
        settings: The ``[drivers.azure]`` table; underscores are hyphens.
    """
    table = {name.replace("_", "-"): value for name, value in settings.items()}
    kernel = Kernel(GatewaySettings(driver="azure", drivers={"azure": table}))
    try:
        backend = Backend(driver="azure", credentials=login, provider=url)
        yield Caller(Place(kernel, backend, url), login, seconds)
    finally:
        kernel.close()


def everything(hooks: Caller, bucket: str = "box") -> None:
    """Each hook that there is, with what leads it to each request."""
    where = {"bucket_id": bucket, "blob_id": "a/b c"}
    hooks.call("create_bucket", new=NewBucket(name=bucket))
    hooks.call("create_bucket", new=NewBucket(name=f"{bucket}-empty"))
    hooks.items(RESOURCES["buckets"])
    hooks.call("get_bucket", bucket_id=bucket)
    hooks.call("write_blob", upload=Upload(b"small", metadata=(("a", "b"),)), **where)
    hooks.call("write_blob", upload=Upload(bytes(5 * MIB), metadata=(("a", "b"),)), **where)
    whole(hooks.call("read_blob", byte_range=None, **where))
    hooks.call("get_blob", **where)
    list(hooks.lister.blobs(bucket, "a", "/", None).items)
    hooks.call("replace_blob_metadata", metadata=(("a", "c"),), **where)
    properties = BlobProperties(content_type="text/plain")
    upload_id = hooks.call("begin_segmented_upload", properties=properties, **where)
    segment = hooks.call("write_segment", upload_id=upload_id, number=1, upload=Upload(b"part"), **where)
    last = {"upload_id": upload_id, "segments": ((1, segment),), "properties": properties}
    hooks.call("finish_segmented_upload", **last, **where)
    hooks.call("destroy_blob", **where)
    hooks.call("destroy_bucket", bucket_id=f"{bucket}-empty")
