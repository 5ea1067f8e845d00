"""A few public images of Amazon's, made up, in the form that moto reads: its own 1,301 make every list slow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

OWNER = "137112412989"


def _image(number: int, architecture: str, root: str = "ebs") -> dict[str, Any]:
    return {
        "ami_id": f"ami-{number:017x}",
        "state": "available",
        "public": True,
        "owner_id": OWNER,
        "image_location": f"amazon/made-up-{number}",
        "sriov": "simple",
        "root_device_type": root,
        "root_device_name": "/dev/xvda",
        "description": f"Made up for tests, number {number}",
        "image_type": "machine",
        "platform": None,
        "architecture": architecture,
        "name": f"made-up-{number}-{architecture}-{root}",
        "virtualization_type": "hvm",
        "hypervisor": "xen",
        "creation_date": f"2024-0{number}-01T12:00:00.000Z",
    }


IMAGES = (
    _image(1, "x86_64"), _image(2, "x86_64"), _image(3, "arm64"), _image(4, "arm64"), _image(5, "i386"),
    _image(6, "x86_64", "instance-store"),
)  # fmt: skip
IMAGE = IMAGES[0]["ami_id"]
"""One for x86_64 with a persistent root."""
STORE_IMAGE = IMAGES[5]["ami_id"]
"""One whose instances lose their root when they stop."""


def written(folder: Path) -> Path:
    """The file that ``MOTO_AMIS_PATH`` names."""
    path = folder / "images.json"
    path.write_text(json.dumps(IMAGES), encoding="utf-8")
    return path
