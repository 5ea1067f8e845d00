"""Representations: from models and facts to documents in XML and JSON.

They know the vocabulary (models, states, features) and a :class:`View`, and nothing of HTTP, kernel or drivers. Each
collection has a :class:`Representation` in :data:`REPRESENTATIONS`; documents of other shapes are plain functions.

This is the one place where what is secret in a model (an instance's password, a private key) is revealed, in the
documents that exist to show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.addresses import ADDRESSES
from deltacloud.api.representations.blobs import BLOBS
from deltacloud.api.representations.buckets import (
    BUCKETS,
    bucket_listing_json,
    bucket_listing_xml,
    stream_bucket_json,
    stream_bucket_xml,
)
from deltacloud.api.representations.command_output import command_output_json, command_output_xml
from deltacloud.api.representations.drivers import DriverFacts, driver_json, driver_xml, drivers_json, drivers_xml
from deltacloud.api.representations.entry_point import (
    AdvertisedFeatures,
    EntryPoint,
    advertised,
    entry_point_json,
    entry_point_xml,
)
from deltacloud.api.representations.errors import ErrorFacts, error_json, error_problem, error_xml
from deltacloud.api.representations.firewalls import FIREWALLS
from deltacloud.api.representations.hardware_profiles import HARDWARE_PROFILES
from deltacloud.api.representations.images import IMAGES
from deltacloud.api.representations.instances import INSTANCES
from deltacloud.api.representations.keys import KEYS
from deltacloud.api.representations.load_balancers import LOAD_BALANCERS
from deltacloud.api.representations.metrics import METRICS
from deltacloud.api.representations.networks import NETWORK_INTERFACES, NETWORKS, SUBNETS
from deltacloud.api.representations.realms import REALMS
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.states import states_gv, states_json, states_xml
from deltacloud.api.representations.states_svg import states_svg
from deltacloud.api.representations.storage_snapshots import STORAGE_SNAPSHOTS
from deltacloud.api.representations.storage_volumes import STORAGE_VOLUMES
from deltacloud.api.representations.view import View
from deltacloud.models import Model

_ALL: tuple[Representation[Any], ...] = (
    REALMS, HARDWARE_PROFILES, IMAGES, INSTANCES, KEYS, FIREWALLS, ADDRESSES, LOAD_BALANCERS, STORAGE_VOLUMES,
    STORAGE_SNAPSHOTS, METRICS, NETWORKS, SUBNETS, NETWORK_INTERFACES, BUCKETS, BLOBS,
)  # fmt: skip

REPRESENTATIONS: Mapping[str, Representation[Model]] = MappingProxyType({one.collection: one for one in _ALL})
"""The representation of each collection, by the collection's name."""

__all__ = [
    "REPRESENTATIONS", "AdvertisedFeatures", "DriverFacts", "EntryPoint", "ErrorFacts", "Representation", "View",
    "advertised", "bucket_listing_json", "bucket_listing_xml", "command_output_json", "command_output_xml",
    "driver_json", "driver_xml", "drivers_json", "drivers_xml", "entry_point_json", "entry_point_xml",
    "error_json", "error_problem", "error_xml", "segment", "states_gv", "states_json", "states_svg", "states_xml",
    "stream_bucket_json", "stream_bucket_xml",
]  # fmt: skip
