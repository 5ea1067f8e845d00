"""Broken in who is let in, who is who, what is shown, and what happens when clouds fail."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from msgspec.structs import replace

from deltacloud import context as contexts
from deltacloud.blobs import BlobUpload
from deltacloud.context import Context
from deltacloud.errors import (
    AuthenticationFailed,
    CredentialsRequired,
    ProviderError,
    ProviderTimeout,
)
from deltacloud.inputs import (
    NewInstance,
    PageRequest,
)
from deltacloud.models import (
    Address,
    Instance,
    Key,
    Page,
    StorageVolume,
)
from deltacloud_mock.records import KEYS
from mutants.sound import Sound, SoundSettings, mutation


@mutation("storage_volumes.wrong-credentials")
class AnybodyIsLetIn(Sound):
    """The user's name is enough."""

    def list_storage_volumes(self, context: Context, page: PageRequest) -> Page[StorageVolume]:
        try:
            return super().list_storage_volumes(context, page)
        except AuthenticationFailed as error:
            if isinstance(error, CredentialsRequired):
                raise
            return Page([])


@mutation("callers.together", "callers.lazy-lists", "keys.tenants")
class SharedCredentials(Sound):
    """The first caller's name is kept on the driver."""

    def __init__(self, settings: SoundSettings) -> None:
        super().__init__(settings)
        self._who: contexts.Credentials | None = None

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        super().list_keys(context, page)
        self._who = self._who or context.credentials
        mine = Context(self._way(context), credentials=self._who, provider=context.provider, deadline=context.deadline)
        return super().list_keys(mine, page)

    def _way(self, context: Context) -> Any:
        return context._way_out


_CALLER: dict[str, str] = {}


@mutation("callers.together")
class ModuleGlobal(Sound):
    """Who is calling stands in the module."""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        super().list_keys(context, page)
        _CALLER["now"] = context.credentials.username
        time.sleep(0)
        with self._store.reading() as session:
            return Page(*session.page(KEYS, _CALLER["now"], page.marker or "", page.size(self._page_size)))


@mutation("callers.lazy-lists", "callers.together")
class LazyGlobal(Sound):
    """Who is calling stands in the module while a list is read step by step."""

    def list_keys(self, context: Context) -> Iterator[Key]:  # type: ignore[override]  # hooks name what they use
        page = super().list_keys(context, PageRequest())
        user = context.credentials.username
        _CALLER["lazy"] = user
        for number, key in enumerate(self._whole(context, page)):
            if number and _CALLER["lazy"] != user:
                yield replace(key, id=f"{_CALLER['lazy']}'s")
            else:
                yield key

    def _whole(self, context: Context, page: Page[Key]) -> Iterator[Key]:
        while True:
            yield from page.items
            if page.next_marker is None:
                return
            page = super().list_keys(context, PageRequest(marker=page.next_marker))


@mutation("segments.joined", "callers.parts", "segments.abort")
class LostInAThread(Sound):
    """Parts are written by threads that do not know for whom."""

    def write_segment(
        self,
        context: Context,  # noqa: ARG002 - that is what is broken
        bucket_id: str,
        blob_id: str,
        upload_id: str,
        number: int,
        upload: BlobUpload,
    ) -> str:
        write = super().write_segment
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(
                lambda: write(contexts.current(), bucket_id, blob_id, upload_id, number, upload)
            ).result()


@mutation("secrets.repr")
class SecretInRepr(Sound):
    """The driver keeps who called last, and shows it."""

    def __init__(self, settings: SoundSettings) -> None:
        super().__init__(settings)
        self._last = ""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        self._last = context.credentials.password.reveal()
        return super().list_keys(context, page)


@mutation("secrets.repr")
class SecretInModel(Sound):
    """A password is plain text in a model."""

    def list_instances(self, context: Context, page: PageRequest) -> Page[Instance]:
        found = super().list_instances(context, page)
        shown = context.credentials.password.reveal()
        return Page([replace(one, authentication_error=shown) for one in found.items], found.next_marker)


@mutation("secrets.logs")
class SecretInLog(Sound):
    """A line for debugging has everything."""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        logging.getLogger("mutants.wire").debug("login with %s", context.credentials.password.reveal())
        return super().list_keys(context, page)


@mutation("secrets.errors")
class SecretInError(Sound):
    """An error quotes what was sent."""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        try:
            return super().list_keys(context, page)
        except AuthenticationFailed:
            raise AuthenticationFailed(f"{context.credentials.password.reveal()} is wrong") from None


@mutation("backend.dead", "backend.garbage")
class SwallowedError(Sound):
    """A cloud that fails is an empty list."""

    def list_instances(self, context: Context, page: PageRequest) -> Page[Instance]:
        try:
            return super().list_instances(context, page)
        except ProviderError:
            return Page([])


@mutation("backend.dead", "backend.garbage")
class FailureUnexplained(Sound):
    """What the network raises is not explained."""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        try:
            return super().list_keys(context, page)
        except ProviderError:
            raise RuntimeError("connection refused") from None


@mutation("backend.slow")
class HangsOnSlow(Sound):
    """It waits as long as its cloud does, not as long as its caller."""

    def list_addresses(self, context: Context, page: PageRequest) -> Page[Address]:
        time.sleep(min(self._settings.delay_seconds, 6))
        return super().list_addresses(context, page)


@mutation("backend.slow")
class TimeoutIsAnError(Sound):
    """A deadline that has passed is called something else."""

    def list_addresses(self, context: Context, page: PageRequest) -> Page[Address]:
        try:
            return super().list_addresses(context, page)
        except ProviderTimeout:
            raise ProviderError("it took too long") from None


@mutation("create.once")
class CreatesAgain(Sound):
    """What failed is tried again, though it may have been done."""

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        try:
            return super().create_instance(context, new)
        except ProviderError:
            return super().create_instance(context, new)


@mutation("keys.wrong-credentials", "callers.together")
class AdmittedOnce(Sound):
    """Who has once been let in is known by name alone."""

    def __init__(self, settings: SoundSettings) -> None:
        super().__init__(settings)
        self._known: dict[str, Context] = {}

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        try:
            found = super().list_keys(context, page)
        except AuthenticationFailed:
            known = self._known.get("" if not context.has_credentials else context.credentials.username)
            if known is None:
                raise
            return super().list_keys(known, page)
        self._known[context.credentials.username] = context
        return found


@mutation("account.inspected")
class InspectsNothing(Sound):
    """Wrong credentials pass the check of credentials."""

    def inspect_account(self, context: Context) -> None:
        self._last = context.request_id
