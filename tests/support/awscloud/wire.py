"""Answers of Amazon's services as they come over the wire, read as botocore reads them."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
from botocore.parsers import create_parser

from deltacloud_ec2.client import Record


def parsed(service: str, operation: str, body: str) -> Record:
    """What botocore makes of an answer.

    Args:
        service: The service, as botocore calls it.
        operation: The operation, as the API calls it: ``DescribeInstances``.
        body: The answer's body.
    """
    model = _model(service)
    answer = {"status_code": 200, "headers": {}, "body": body.encode()}
    read: Record = create_parser(model.metadata["protocol"]).parse(
        answer, model.operation_model(operation).output_shape
    )
    return read


@cache
def _model(service: str) -> Any:
    return botocore.session.Session().get_service_model(service)


def reservation(instance: str, groups: str = "") -> str:
    """The body of ``DescribeInstances`` with one instance.

    Args:
        instance: The XML inside its element, less id and image.
        groups: The XML of the launch's own groups, which clouds without networks have.
    """
    return (
        '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>'
        "<reservationSet><item><reservationId>r-1</reservationId><ownerId>111122223333</ownerId>"
        f"<groupSet>{groups}</groupSet><instancesSet><item><instanceId>i-0123456789abcdef0</instanceId>"
        f"<imageId>ami-0abc</imageId>{instance}</item></instancesSet></item></reservationSet>"
        "</DescribeInstancesResponse>"
    )


def state(name: str, root: str = "ebs") -> str:
    """The XML of an instance's state, and of where its root disk is."""
    device = f"<rootDeviceType>{root}</rootDeviceType>" if root else ""
    return f"<instanceState><code>0</code><name>{name}</name></instanceState>{device}"
