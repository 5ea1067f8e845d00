"""What the kit is told about moto."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from awscloud import images
from awscloud.accounts import Accounts
from deltacloud.models import Image, Realm
from deltacloud.testing import Backend, Variant


def common(moto: Accounts, driver: str, provider: str) -> Backend:
    """What the kit is told of moto whichever driver asks it.

    Args:
        moto: The accounts.
        driver: The driver's name.
        provider: The provider that leads to moto.
    """
    return Backend(
        driver=driver,
        provider=provider,
        settings={"image-owners": ["self", images.OWNER]},
        credentials=moto.main.login,
        wrong_credentials=moto.wrong.login,
        other_credentials=moto.other.login,
        image=images.IMAGE,
        realm=default_realm(moto),
        public=frozenset({"hardware_profiles"}),
        known=(
            Image(id=images.IMAGE, name="made-up-1-x86_64-ebs", architecture="x86_64", root_type="persistent"),
            Realm(id="us-east-1b", name="us-east-1b", state="available"),
        ),
        launched_with=lambda instance_id: launched_with(moto, instance_id),
        small_pages=Variant(settings={"page-size": 5}),
        page_size=5,
        public_key=public_key(),
        patience=5,
    )


def default_realm(moto: Accounts) -> str:
    """The zone and the subnet that an instance is launched into when nobody says where."""
    subnets = moto.client("ec2").describe_subnets(Filters=[{"Name": "availability-zone", "Values": ["us-east-1a"]}])
    return f"us-east-1a:{subnets['Subnets'][0]['SubnetId']}"


def public_key() -> str:
    """A new public key, as a client would import it."""
    key = rsa.generate_private_key(65537, 2048).public_key()
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")


def measure(moto: Accounts) -> None:
    """Let there be something measured: moto measures nothing by itself."""
    moto.client("cloudwatch").put_metric_data(
        Namespace="AWS/EC2",
        MetricData=[
            {
                "MetricName": "CPUUtilization",
                "Dimensions": [{"Name": "InstanceId", "Value": "i-0123456789abcdef0"}],
                "Timestamp": datetime.now(UTC),
                "Value": 12.5,
                "Unit": "Percent",
            }
        ],
    )


def launched_with(moto: Accounts, instance_id: str) -> Mapping[str, object]:
    """What moto was told when it launched an instance."""
    ec2 = moto.client("ec2")
    asked = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute="userData")["UserData"]
    shown = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    return {
        "user_data": base64.b64decode(asked.get("Value", "")),
        "monitoring": shown["Monitoring"]["State"] == "enabled",
    }
