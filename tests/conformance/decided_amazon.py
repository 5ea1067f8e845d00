"""Decided differences in what the drivers of Amazon's services, and of those like them, declare."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from changes import Case, text
from deviation import Deviation, decided
from exchanges import Answer

from deltacloud.api.representations.hardware_profiles import hardware_profile_order

_SERVICES = {"ec2": "ec2", "elb": "elasticloadbalancing", "mon": "monitoring", "s3": "s3"}
_REGIONS = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1",
    "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2",
    "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1",
    "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2",
    "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-gov-east-1",
    "us-gov-west-1", "cn-north-1", "cn-northwest-1",
)  # fmt: skip
_NAMED = {
    "xml": "<feature name='user_name' rel='create'><param name='name'/></feature>",
    "json": '[{"name": "user_name", "rel": "create", "params": ["name:string:optional"], "constraints": {}}],',
}


def regions(case: Case, answer: Answer) -> Answer:
    """A list of drivers in which EC2 has today's regions, each at its own host of S3."""
    if "ec2" not in case.installed:
        return answer
    if answer.media_type == "application/json":
        document = json.loads(answer.body)
        document["ec2"]["entrypoints"] = {role: _hosts(prefix) for role, prefix in _SERVICES.items()}
        return replace(answer, body=json.dumps(document).encode())
    listed = "".join(f"<provider id='{region}'/>" for region in _REGIONS)
    pattern = r"(<driver [^>]*id=['\"]ec2['\"]>\s*<name>EC2</name>).*?(</driver>)"
    body = re.sub(pattern, rf"\g<1>{listed}\g<2>", answer.body.decode(), flags=re.DOTALL)
    return replace(answer, body=body.encode())


def _hosts(prefix: str) -> dict[str, str]:
    return {region: f"{prefix}.{region}.amazonaws.com{'.cn' * region.startswith('cn-')}" for region in _REGIONS}


def _bundled_sizes(_case: Case, answer: Answer) -> Answer:
    """The sizes that the driver brings along, as a document."""
    from deltacloud_ec2.sizes import HARDWARE_PROFILES  # noqa: PLC0415 - where it is installed

    units = {"cpu": "count", "memory": "MB", "storage": "GB", "architecture": "label", "root_type": "label"}

    def written(profile: Any) -> str:
        place = f"http://localhost:3001/api/hardware_profiles/{profile.id}"
        properties = "".join(_property(one, units[one.name]) for one in profile.properties)
        return (
            f"<hardware_profile href='{place}' id='{profile.id}'><id>{profile.id}</id><name>{profile.name}</name>"
            f"{properties}</hardware_profile>"
        )

    body = "".join(map(written, sorted(HARDWARE_PROFILES, key=hardware_profile_order)))
    declaration = "<?xml version='1.0' encoding='utf-8' ?>"
    return replace(answer, body=f"{declaration}<hardware_profiles>{body}</hardware_profiles>".encode())


def _property(one: Any, unit: str) -> str:
    measured = f" unit='{unit}'" if one.name != "root_type" else ""
    head = f"<property kind='{one.kind}' name='{one.name}'{measured} value='{one.value}'"
    if one.kind == "fixed":
        return f"{head}/>"
    entries = "".join(f"<entry value='{entry}'/>" for entry in one.entries)
    place = "href='http://localhost:3001/api/instances' method='post' name='hwp_architecture' operation='create'"
    return f"{head}><param {place}/><enum>{entries}</enum></property>"


AMAZON: tuple[Deviation, ...] = (
    decided(
        "driver_select.header.api.ec2.* driver_select.header.driver_and_provider driver_select.matrix.api_driver "
        "driver_select.query_api_driver",
        "an instance of EC2 can be given a name: today that is a tag",
        text("<feature name='user_data'", f"{_NAMED['xml']}<feature name='user_data'"),
        text('[{"name":"user_data"', f'{_NAMED["json"]}[{{"name":"user_data"'),
    ),
    decided(
        "driver_select.header.hardware_profiles.ec2.xml",
        "EC2's sizes are the cloud's own; a caller who is no customer of Amazon's is shown the usual ones of today",
        _bundled_sizes,
    ),
)
