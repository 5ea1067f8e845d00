"""Hooks of images."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from deltacloud.context import Context
from deltacloud.errors import CapabilityMissing, Forbidden, NotFound
from deltacloud.inputs import Filters, NewImage, PageRequest
from deltacloud.models import Image, Page
from deltacloud.texts import new_name
from deltacloud_ec2.client import Client, Record
from deltacloud_ec2.compute.base import ComputeBase
from deltacloud_ec2.compute.meanings import meant
from deltacloud_ec2.compute.paging import EC2, Source, read_page
from deltacloud_ec2.mapping.images import image_from
from deltacloud_ec2.mapping.tags import tagging

_KNOWN_SECONDS = 3600.0
_PARAMETERS_AT_ONCE = 10
_UNDERSTOOD = re.compile(r"self|amazon|aws-marketplace|aws-backup-vault|[0-9]{12}")
"""Owners that Amazon understands; it refuses others, who own nothing."""


class ImageHooks(ComputeBase):
    """The caller's images and a short list of well-known ones; on request, any owner's."""

    _kinds: ClassVar[Sequence[str]] = ("machine",)
    """Kinds of images that can be launched; empty where the cloud has no others."""
    _well_known: ClassVar[Sequence[str]] = (
        "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
        "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
        "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
        "/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base",
        "/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id",
        "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
        "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id",
        "/aws/service/debian/release/12/latest/amd64",
        "/aws/service/debian/release/13/latest/amd64",
        "/aws/service/debian/release/13/latest/arm64",
    )
    """Public parameters that name current images: whatever of these a region has.

    Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
    """

    def list_images(self, context: Context, filters: Filters, page: PageRequest) -> Page[Image]:
        """Images of the owners asked for; else of those in the setting, or the caller's own and well-known ones."""
        client = self._ec2(context)
        sources = [
            self._source(client.describe_images, "Images", image_from, {**whose, **self._wanted(filters)})
            for whose in self._whose(filters)
        ]
        if not (filters.owner_id or filters.id or self._settings.image_owners):
            sources += self._known_sources(context, client, filters)
        return read_page(sources, page, self._settings.page_size) if sources else Page(())

    def get_image(self, context: Context, image_id: str) -> Image:
        """One image, whoever owns it."""
        return self._image(self._ec2(context).describe_images(ImageIds=[image_id]))

    def create_image(self, context: Context, new: NewImage) -> Image:
        """Make an image of an instance, which is restarted for it. Without a name it gets one, which Amazon wants."""
        client = self._ec2(context)
        name = new.name or new_name(f"{new.instance_id} ")
        described = {"Description": new.description} if new.description else {}
        made = client.create_image(
            InstanceId=new.instance_id, Name=name, **described, **tagging("image", None, new.tags)
        )["ImageId"]
        # A moment passes until it can be read by its id.
        answer = client.describe_images(**self._narrowed(("image-id", (made,))))
        for record in answer.get("Images") or ():
            if record["ImageId"] == made:
                return image_from(record)
        return Image(id=made, name=name, description=new.description, state="pending", tags=new.tags)

    def destroy_image(self, context: Context, image_id: str) -> None:
        """Delete an image; the snapshots that it was made of stay."""
        self._ec2(context).deregister_image(ImageId=image_id)

    def _image(self, answer: Record) -> Image:
        for record in answer.get("Images") or ():
            return image_from(record)
        raise NotFound

    def _whose(self, filters: Filters) -> list[dict[str, Any]]:
        """The parameters that say whose images are listed: one list, or none where they own nothing."""
        if filters.owner_id:
            owners = [one for one in filters.owner_id if _UNDERSTOOD.fullmatch(one)]
            return [{"Owners": owners}] if owners else []
        if filters.id:
            return [{}]
        return [{"Owners": list(self._settings.image_owners or ("self",))}]

    def _wanted(self, filters: Filters) -> Mapping[str, Any]:
        return self._narrowed(
            ("image-type", self._kinds),
            ("image-id", filters.id),
            ("architecture", filters.architecture),
            ("state", [state.lower() for state in filters.state]),
            *self._tagged(filters.tags),
        )

    def _known_sources(self, context: Context, client: Client, filters: Filters) -> list[Source[Image]]:
        known = self._known_ids(context)
        if not known:
            return []

        def call(**parameters: object) -> Record:
            """Those of the list that are still there; one that is not makes Amazon refuse to tell of the others."""
            with suppress(NotFound), meant():
                return client.describe_images(ImageIds=list(known), **parameters)
            return client.describe_images(**self._narrowed(("image-id", known)))

        words = EC2._replace(size=None)
        return [Source(call, lambda answer: map(image_from, answer.get("Images") or ()), self._wanted(filters), words)]

    def _known_ids(self, context: Context) -> tuple[str, ...]:
        """The ids of well-known images in this region; none where the caller may not ask for them."""
        with suppress(CapabilityMissing, Forbidden), meant():
            client = self._client(context, "ssm")
            return context.shared("well-known images", _KNOWN_SECONDS, lambda: self._read_known(client))
        return ()

    def _read_known(self, client: Client) -> tuple[str, ...]:
        starts = range(0, len(self._well_known), _PARAMETERS_AT_ONCE)
        answers = [client.get_parameters(Names=self._well_known[at : at + _PARAMETERS_AT_ONCE]) for at in starts]
        return tuple(dict.fromkeys(one["Value"] for answer in answers for one in answer.get("Parameters") or ()))
