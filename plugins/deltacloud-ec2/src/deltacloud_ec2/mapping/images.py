"""Images.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html
"""

from __future__ import annotations

from deltacloud.models import Image
from deltacloud.texts import moment
from deltacloud_ec2.client import Record
from deltacloud_ec2.mapping.tags import tags_of


def image_from(record: Record) -> Image:
    """An image. The sizes that it runs on are not listed: there are hundreds for each."""
    identifier = record["ImageId"]
    return Image(
        id=identifier,
        name=record.get("Name") or identifier,
        description=record.get("Description") or record.get("ImageLocation"),
        owner_id=record.get("OwnerId"),
        architecture=record.get("Architecture"),
        state=str(record.get("State") or "").lower() or None,
        creation_time=moment(record.get("CreationDate")),
        root_type="persistent" if record.get("RootDeviceType") == "ebs" else "transient",
        tags=tags_of(record),
    )
