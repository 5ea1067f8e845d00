"""What the operator may set in the ``[drivers.NAME]`` tables of drivers that speak Amazon's protocols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from deltacloud.driver import Settings


class AwsSettings(Settings, frozen=True, kw_only=True):
    """What all of them have; everything is optional."""

    page_size: Annotated[int, msgspec.Meta(ge=5, le=1000)] = 500
    """How many things one of the cloud's answers holds at most, where a list has pages."""


class Ec2Settings(AwsSettings, frozen=True, kw_only=True):
    """What drivers with compute have."""

    image_owners: tuple[str, ...] = ()
    """Whose images are listed for who names no owner (``self``, ``amazon``, account numbers); without it the caller's
    own and a short list of well-known ones."""
    default_instance_types: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What is launched for who names no size, by the image's architecture; beside or instead of ``t3.micro`` (x86_64),
    ``t4g.micro`` (arm64) and ``t2.micro`` (i386)."""
    load_balancer_type: Literal["classic", "network"] = "classic"
    """The kind of load balancers that are made for who names none."""
