"""A sound driver of a cloud that takes its time, and makes images of nothing that is still on its way."""

from __future__ import annotations

from deltacloud.context import Context
from deltacloud.errors import Conflict
from deltacloud.inputs import NewImage
from deltacloud.models import Image
from mutants.sound import Sound


class Settling(Sound):
    """An image can be made of an instance only once its state lasts."""

    name = "settling"

    def create_image(self, context: Context, new: NewImage) -> Image:
        if self.get_instance(context, new.instance_id).state == "PENDING":
            raise Conflict("The instance is not ready")
        return super().create_image(context, new)
