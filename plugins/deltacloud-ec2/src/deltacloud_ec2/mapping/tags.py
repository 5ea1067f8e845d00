"""Tags and names: a resource's name is its tag ``Name``.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
"""

from __future__ import annotations

from deltacloud.models import Pairs
from deltacloud_ec2.client import Record

NAME = "Name"


def tags_of(record: Record, member: str = "Tags") -> Pairs:
    """The tags of a resource, the name's included, in the order of its keys."""
    return tuple(sorted((tag["Key"], tag.get("Value", "")) for tag in record.get(member) or ()))


def name_of(record: Record, member: str = "Tags") -> str | None:
    """The text of the tag ``Name``; None if there is none, or an empty one."""
    for tag in record.get(member) or ():
        if tag["Key"] == NAME:
            return tag.get("Value") or None
    return None


def tagging(resource: str, name: str | None, tags: Pairs = ()) -> dict[str, object]:
    """The parameter ``TagSpecifications`` that gives a new resource its name and tags; nothing if there are none.

    Args:
        resource: What is made, in the word of the API: ``instance``, ``volume``.
        name: Its name; it wins over a tag ``Name``.
        tags: Its tags.
    """
    wanted = dict(tags) | ({NAME: name} if name else {})
    if not wanted:
        return {}
    listed = [{"Key": key, "Value": value} for key, value in wanted.items()]
    return {"TagSpecifications": [{"ResourceType": resource, "Tags": listed}]}
