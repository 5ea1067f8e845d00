"""The collections: one module each, holding a table of operations."""

from __future__ import annotations

from deltacloud.api.collections.addresses import ADDRESSES
from deltacloud.api.collections.blobs import BLOBS
from deltacloud.api.collections.buckets import BUCKETS
from deltacloud.api.collections.drivers import DRIVERS
from deltacloud.api.collections.firewalls import FIREWALLS, RULES
from deltacloud.api.collections.hardware_profiles import HARDWARE_PROFILES
from deltacloud.api.collections.images import IMAGES
from deltacloud.api.collections.instance_states import INSTANCE_STATES
from deltacloud.api.collections.instances import INSTANCES
from deltacloud.api.collections.keys import KEYS
from deltacloud.api.collections.load_balancers import LOAD_BALANCERS
from deltacloud.api.collections.metrics import METRICS
from deltacloud.api.collections.networks import NETWORK_INTERFACES, NETWORKS, SUBNETS
from deltacloud.api.collections.realms import REALMS
from deltacloud.api.collections.storage_snapshots import STORAGE_SNAPSHOTS
from deltacloud.api.collections.storage_volumes import STORAGE_VOLUMES
from deltacloud.api.operations import Collection

COLLECTIONS: tuple[Collection, ...] = (
    ADDRESSES, BUCKETS, BLOBS, DRIVERS, FIREWALLS, RULES, HARDWARE_PROFILES, IMAGES, INSTANCE_STATES, INSTANCES, KEYS,
    LOAD_BALANCERS, METRICS, NETWORK_INTERFACES, NETWORKS, REALMS, STORAGE_SNAPSHOTS, STORAGE_VOLUMES, SUBNETS,
)  # fmt: skip
"""All collections, in the order of the entry point's links; those inside others follow them."""

BY_NAME: dict[str, Collection] = {collection.name: collection for collection in COLLECTIONS}
"""The same, by name."""
