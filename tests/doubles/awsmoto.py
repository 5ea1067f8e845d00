"""moto: EC2, load balancing, CloudWatch, STS, IAM and S3 of Amazon, in one server on one port."""

from __future__ import annotations

from emulators import Emulator, Place, answers, no_program
from programs import program

STRICT = {
    "MOTO_ENABLE_AMI_VALIDATION": "1",
    "MOTO_ENABLE_KEYPAIR_VALIDATION": "1",
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "1",
    "MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS": "false",
}
"""Stricter than by itself: unknown images, types, keys and other accounts' buckets are refused, as by Amazon."""


def _command(place: Place) -> list[str]:
    settings = [f"{name}={value}" for name, value in {**STRICT, **place.environment}.items()]
    return ["/usr/bin/env", *settings, str(program("moto_server")), "-H", "127.0.0.1", "-p", str(place.ports[0])]


MOTO = Emulator("moto", no_program("moto_server"), _command, lambda place: answers(place.url))
