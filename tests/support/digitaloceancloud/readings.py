"""What becomes of DigitalOcean's records: the mapping's function for each kind of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deltacloud_digitalocean import records
from deltacloud_digitalocean.mapping import compute, metrics, networking, volumes

_MODELS: Mapping[type[records.Record], Callable[[Any], Any]] = {
    records.Action: lambda record: record,
    records.Droplet: lambda record: compute.instance_from(record, "ann", ()),
    records.Firewall: lambda record: networking.firewall_from(record, "ann"),
    records.Image: lambda record: compute.image_from(record, "ann", ()),
    records.Key: compute.key_from,
    records.Measurements: lambda record: (
        metrics.utilization_from("cpu", record),
        *metrics.properties_from("any", "Count", record),
    ),
    records.LoadBalancer: networking.load_balancer_from,
    records.Region: compute.realm_from,
    records.ReservedAddress: networking.address_from,
    records.Size: compute.profile_from,
    records.Snapshot: volumes.snapshot_from,
    records.Tag: lambda record: record,
    records.Volume: volumes.volume_from,
    records.Vpc: networking.network_from,
}


def model_from(record: records.Record) -> Any:
    """The model of a record that is ann's; the record itself, where the driver reads it and shows nothing of it."""
    return _MODELS[type(record)](record)
