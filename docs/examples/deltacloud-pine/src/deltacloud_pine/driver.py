"""The calls: Pine Cloud, API v1. The cloud is imaginary; the code is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import requests

from deltacloud import errors
from deltacloud.blobs import BlobContent, BlobUpload
from deltacloud.context import Context
from deltacloud.driver import CredentialFields, Driver, Parameter, Settings, StateMachine, from_environment
from deltacloud.features import USER_NAME
from deltacloud.inputs import Filters, NewInstance, PageRequest
from deltacloud.models import Blob, BlobEntry, Bucket, HardwareProfile, Image, Instance, Page, Realm
from deltacloud.outbound import endpoints
from deltacloud.providers import Endpoints, ParsedProvider, Providers
from deltacloud_pine.mapping import entry_from, image_from, instance_from, labels_from, metadata_from, profile_from

# --8<-- [start:errors]
ERRORS: dict[str, type[errors.DeltacloudError]] = {
    "bad_key": errors.AuthenticationFailed,
    "no_such_thing": errors.NotFound,
    "quota": errors.QuotaExceeded,
    "still_used": errors.Conflict,
}
"""The cloud's words for what went wrong."""
# --8<-- [end:errors]


# --8<-- [start:settings]
class PineSettings(Settings, frozen=True, kw_only=True):
    """The ``[drivers.pine]`` table."""

    page_size: Annotated[int, from_environment("PINE_PAGE_SIZE")] = 100
    """The most that one answer of the cloud shall hold."""


# --8<-- [end:settings]


# --8<-- [start:provider]
def _installation(text: str) -> ParsedProvider:
    """A provider is the URL of an installation; ``parse`` raises ValueError for anything but a plain one."""
    return ParsedProvider(text=text, endpoints={"api": endpoints.parse(text).url})


# --8<-- [end:provider]


# --8<-- [start:declarations]
class PineDriver(Driver):
    """Pine Cloud."""

    name = "pine"
    title = "Pine Cloud"
    contract = 1
    credentials = CredentialFields("Account", "Access key", help="Both stand on your account's page")
    providers = Providers(
        endpoints=Endpoints(_installation, "https://pine.example.com/v1", "A provider is the URL of an installation."),
        required=True,
    )
    features = (USER_NAME.constrained(max_length=40),)
    parameters = (Parameter(name="rack", operation="instances.create", type="integer", minimum=1, help="Which rack"),)
    states = StateMachine(
        ("start", "create", "pending"),
        ("pending", None, "running"),
        ("running", "stop", "stopped"),
        ("running", "destroy", "finish"),
        ("stopped", "start", "running"),
        ("stopped", "destroy", "finish"),
    )
    settings = PineSettings
    limitations = ("Labels of files cannot be changed without sending the file again.",)
    # --8<-- [end:declarations]

    _settings: PineSettings

    # --8<-- [start:whole]
    def list_realms(self, context: Context) -> Iterator[Realm]:
        """The places; the core filters, pages, and finds one of them by its id."""
        for place in self._get(context, "/places"):
            yield Realm(id=place["id"], name=place["name"], state="AVAILABLE")

    # --8<-- [end:whole]

    # --8<-- [start:shared]
    def list_hardware_profiles(self, context: Context) -> tuple[HardwareProfile, ...]:
        """The sizes are the same for everybody, so they are asked for once in ten minutes."""
        return context.shared("sizes", 600, lambda: tuple(map(profile_from, self._get(context, "/sizes"))))

    # --8<-- [end:shared]

    # --8<-- [start:page]
    def list_images(self, context: Context, filters: Filters, page: PageRequest) -> Page[Image]:
        """One page: what the hook names, it takes charge of."""
        wanted: dict[str, object] = {"count": min(page.limit or self._settings.page_size, self._settings.page_size)}
        if page.marker is not None:
            wanted["after"] = page.marker
        if len(filters.architecture) == 1:
            wanted["cpu"] = filters.architecture[0]
        answer = self._get(context, "/images", **wanted)
        return Page(map(image_from, answer["images"]), answer["next"])

    # --8<-- [end:page]

    # --8<-- [start:pages]
    def list_instances(self, context: Context) -> Iterator[Instance]:
        """All machines, page by page; the next page is asked for when the core wants more."""
        after: dict[str, object] = {}
        while True:
            answer = self._get(context, "/servers", count=self._settings.page_size, **after)
            for server in answer["servers"]:
                yield instance_from(server, context.credentials.username)
            if answer["next"] is None:
                return
            after = {"after": answer["next"]}

    # --8<-- [end:pages]

    def get_instance(self, context: Context, instance_id: str) -> Instance:
        """One machine."""
        return instance_from(self._get(context, f"/servers/{_segment(instance_id)}"), context.credentials.username)

    # --8<-- [start:create]
    def create_instance(self, context: Context, new: NewInstance) -> Instance:
        """Launch one; with a key against doing it twice, it may be asked for again when the network fails."""
        wanted = {
            "name": new.name,
            "image": new.image_id,
            "size": new.hardware_profile_id,
            "place": new.realm_id,
            "rack": context.extra.get("rack"),
        }
        key = context.idempotency_key
        headers = {} if key is None else {"Request-Key": key}
        answer = self._call(context, "POST", "/servers", json=wanted, headers=headers, retry=key is not None)
        return instance_from(answer.json(), context.credentials.username)

    # --8<-- [end:create]

    # --8<-- [start:actions]
    def start_instance(self, context: Context, instance: Instance) -> Instance:
        """The core has read the machine, and its state offers the action."""
        return self._turned(context, instance, "start")

    def stop_instance(self, context: Context, instance: Instance) -> Instance:
        """Stop."""
        return self._turned(context, instance, "stop")

    def destroy_instance(self, context: Context, instance: Instance) -> None:
        """Delete."""
        self._call(context, "DELETE", f"/servers/{_segment(instance.id)}")

    # --8<-- [end:actions]

    def list_buckets(self, context: Context) -> Iterator[Bucket]:
        """The boxes."""
        for box in self._get(context, "/boxes"):
            yield Bucket(id=box["name"], name=box["name"])

    def list_blobs(self, context: Context, bucket_id: str, prefix: str | None) -> Iterator[BlobEntry]:
        """The files of a box."""
        wanted = {} if prefix is None else {"begin": prefix}
        yield from map(entry_from, self._get(context, f"/boxes/{_segment(bucket_id)}/files", **wanted))

    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        """A file without its content."""
        answer = self._call(context, "HEAD", _file(bucket_id, blob_id))
        return Blob(
            id=blob_id,
            bucket_id=bucket_id,
            content_length=int(answer.headers["Content-Length"]),
            content_type=answer.headers["Content-Type"],
            user_metadata=metadata_from(answer.headers),
        )

    # --8<-- [start:streams]
    def read_blob(self, context: Context, bucket_id: str, blob_id: str) -> BlobContent:
        """The content as it arrives; ranges are cut out by the core, since ``byte_range`` is not named."""
        answer = self._call(context, "GET", _file(bucket_id, blob_id), stream=True)
        return BlobContent(
            chunks=answer.iter_content(256 * 1024),
            content_type=answer.headers["Content-Type"],
            length=int(answer.headers["Content-Length"]),
            on_close=answer.close,
        )

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        """The upload goes on as it arrives, in large chunks; without a length it goes chunked."""
        headers = {"Content-Type": upload.content_type, **labels_from(upload.metadata)}
        if upload.length is not None:
            headers["Content-Length"] = str(upload.length)
        self._call(context, "PUT", _file(bucket_id, blob_id), data=iter(upload), headers=headers)
        return self.get_blob(context, bucket_id, blob_id)

    # --8<-- [end:streams]

    # --8<-- [start:translate]
    def translate_error(self, error: Exception) -> errors.DeltacloudError | None:
        """The cloud's word decides; for anything else the core looks at the status, or at the network's fault."""
        if not isinstance(error, requests.HTTPError) or error.response is None:
            return None
        try:
            word = error.response.json()["error"]
        except (ValueError, LookupError, TypeError):
            return None
        kind = ERRORS.get(word)
        return None if kind is None else kind(backend_code=word)

    # --8<-- [end:translate]

    # --8<-- [start:http]
    def _call(self, context: Context, method: str, path: str, **options: Any) -> requests.Response:  # noqa: ANN401 - as requests has them
        """One request, with the caller's token; what is not a success is raised."""
        api = context.provider.endpoints["api"]
        session = context.http(api)
        session.headers["Token"] = context.private("token", lambda: self._log_in(context))
        answer = session.request(method, api + path, **options)
        if answer.status_code == requests.codes.unauthorized:
            context.forget("token")
        answer.raise_for_status()
        return answer

    def _log_in(self, context: Context) -> tuple[str, float]:
        """A token and the seconds that it may be kept; the password is revealed here and nowhere else."""
        api, who = context.provider.endpoints["api"], context.credentials
        answer = context.http(api).post(f"{api}/login", auth=(who.username, who.password.reveal()))
        answer.raise_for_status()
        return answer.json()["token"], answer.json()["seconds"]

    # --8<-- [end:http]

    def _get(self, context: Context, path: str, **wanted: object) -> Any:  # noqa: ANN401 - whatever the cloud's JSON holds
        return self._call(context, "GET", path, params=wanted).json()

    def _turned(self, context: Context, instance: Instance, action: str) -> Instance:
        answer = self._call(context, "POST", f"/servers/{_segment(instance.id)}/{action}")
        return instance_from(answer.json(), context.credentials.username)


def _segment(text: str) -> str:
    """An id as one segment of a path: it has come from a client, and may hold anything."""
    return quote(text, safe="")


def _file(bucket_id: str, blob_id: str) -> str:
    return f"/boxes/{_segment(bucket_id)}/files/{_segment(blob_id)}"
