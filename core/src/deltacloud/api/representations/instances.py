"""The representation of instances; the writers are in modules of their own."""

from __future__ import annotations

from deltacloud.api.representations.instances_json import instance_json
from deltacloud.api.representations.instances_xml import instance_xml
from deltacloud.api.representations.representation import Representation

INSTANCES = Representation("instances", "instance", instance_xml, instance_json)
