"""A gateway to EC2 that anybody might write: a listing with boto3, and an answer that says how many there were.

At ``/warm`` it uses one client for all; at any other path it makes a session and a client for each request.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import boto3

_KEYS = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x", "region_name": "us-east-1"}


def _client() -> Any:
    return boto3.session.Session().client("ec2", endpoint_url=os.environ["BARE_TYPE"], **_KEYS)


_warm = cache(_client)


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Lists all instances."""
    body = b"ready"
    if environ["REQUEST_METHOD"] == "GET":
        client = _warm() if environ["PATH_INFO"] == "/warm" else _client()
        pages = client.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 500})
        body = b"%d" % sum(len(launch["Instances"]) for page in pages for launch in page["Reservations"])
    start_response("200 OK", [("Content-Length", str(len(body))), ("Content-Type", "text/plain")])
    return [body]
