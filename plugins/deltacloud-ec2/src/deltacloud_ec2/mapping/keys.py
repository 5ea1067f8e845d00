"""Key pairs.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_KeyPairInfo.html
"""

from __future__ import annotations

from deltacloud.models import Key
from deltacloud.secret import Secret
from deltacloud_ec2.client import Record


def key_from(record: Record) -> Key:
    """A key pair. The private part is in the answer to its creation only.

    The fingerprint is as Amazon has it: SHA-1 of the private part of a generated RSA key, MD5 of the public part of an
    imported one, SHA-256 in base64 of an ED25519 key.
    """
    material = record.get("KeyMaterial")
    return Key(
        id=record["KeyName"],
        name=record["KeyName"],
        fingerprint=record.get("KeyFingerprint"),
        pem=Secret(material) if material else None,
        state="AVAILABLE",
    )
