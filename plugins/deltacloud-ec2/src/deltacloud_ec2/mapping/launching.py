"""What launches instances.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deltacloud.inputs import NewInstance
from deltacloud_ec2.mapping.realms import site_of
from deltacloud_ec2.mapping.tags import tagging

TYPES: Mapping[str, str] = {"x86_64": "t3.micro", "arm64": "t4g.micro", "i386": "t2.micro"}
"""What is launched where the client names no size, by the image's architecture."""


def launch_request(
    new: NewInstance, instance_type: str, firewalls: Mapping[str, object], token: Mapping[str, str]
) -> dict[str, Any]:
    """The parameters of ``RunInstances``.

    Args:
        new: What is asked for. User data are bytes here; botocore encodes them.
        instance_type: The size.
        firewalls: The parameter that names the security groups; empty for the network's default one.
        token: The parameter against launching twice; empty on clouds without such tokens.
    """
    request: dict[str, Any] = {
        "ImageId": new.image_id,
        "InstanceType": instance_type,
        "MinCount": new.count,
        "MaxCount": new.count,
        **_site(new),
        **firewalls,
        **token,
        **tagging("instance", new.name, new.tags),
    }
    if new.key_name:
        request["KeyName"] = new.key_name
    if new.user_data is not None:
        request["UserData"] = new.user_data
    if new.monitoring:
        request["Monitoring"] = {"Enabled": True}
    if new.snapshot:
        snapshot, device = new.snapshot
        request["BlockDeviceMappings"] = [{"DeviceName": device, "Ebs": {"SnapshotId": snapshot}}]
    return request


def _site(new: NewInstance) -> dict[str, Any]:
    """A subnet lies in a zone, so that beside one no zone is sent."""
    site = site_of(new.realm_id, new.subnet_id)
    if site.subnet_id:
        return {"SubnetId": site.subnet_id}
    return {"Placement": {"AvailabilityZone": site.zone}} if site.zone else {}
