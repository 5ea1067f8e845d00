"""What boto3 does by itself: sends a content to S3, or fetches it, and says how many seconds that took.

``python awstransfer.py up|down URL USER SECRET BUCKET SIZE``
"""

from __future__ import annotations

import sys
import time

import boto3
from botocore.config import Config


class Content:
    """So many zeros."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, count: int = -1) -> bytes:
        """The next ones; all that are asked for, or the transfer ends."""
        count = self._left if count < 0 else min(self._left, count)
        self._left -= count
        return bytes(count)


class Nowhere:
    """What is written is gone."""

    def write(self, chunk: bytes) -> int:
        """Forget it."""
        return len(chunk)


def main(verb: str, url: str, user: str, secret: str, bucket: str, size: str) -> None:
    """Transfer, and print the time."""
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=user,
        aws_secret_access_key=secret,
        config=Config(s3={"addressing_style": "path"}),
    )
    begun = time.perf_counter()
    if verb == "up":
        client.upload_fileobj(Content(int(size)), bucket, "direct")
    else:
        client.download_fileobj(bucket, "direct", Nowhere())
    sys.stdout.write(str(time.perf_counter() - begun))


if __name__ == "__main__":
    main(*sys.argv[1:])
