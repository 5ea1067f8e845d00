"""Signatures, checked as Amazon checks them: whose key signed, and whether it did with that key's secret.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import urlsplit

from loopback import Asked

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)"
)


def signer_of(asked: Asked) -> str:
    """The id of the key that a request names; empty for one without a signature."""
    found = _HEADER.fullmatch(asked.headers.get("authorization", ""))
    return "" if found is None else found[1]


def is_signed_with(asked: Asked, secret: str) -> bool:
    """Whether a request's signature was made with this secret."""
    found = _HEADER.fullmatch(asked.headers["authorization"])
    assert found is not None
    _, day, region, service, names, signature = found.groups()
    place = urlsplit(asked.path)
    payload = asked.headers.get("x-amz-content-sha256") or hashlib.sha256(asked.body).hexdigest()
    if payload != "UNSIGNED-PAYLOAD":
        assert payload == hashlib.sha256(asked.body).hexdigest()
    headers = "".join(f"{name}:{' '.join(asked.headers[name].split())}\n" for name in names.split(";"))
    query = "&".join(sorted(one if "=" in one else f"{one}=" for one in place.query.split("&") if one))
    canonical = "\n".join((asked.method, place.path, query, headers, names, payload))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    scope = f"{day}/{region}/{service}/aws4_request"
    text = "\n".join(("AWS4-HMAC-SHA256", asked.headers["x-amz-date"], scope, digest))
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), signature)
