"""The driver keeps the contract, against moto with checked signatures and two accounts."""

from __future__ import annotations

import pytest

from awscloud.accounts import Accounts
from deltacloud.testing import Backend, DriverContract, Variant

pytestmark = [pytest.mark.doubles, pytest.mark.thorough]


@pytest.fixture(scope="module")
def backend(moto: Accounts, provider: str) -> Backend:
    return Backend(
        driver="google",
        provider=provider,
        credentials=moto.main.login,
        wrong_credentials=moto.wrong.login,
        other_credentials=moto.other.login,
        small_pages=Variant(settings={"page-size": 5}),
        page_size=5,
        unpaged=frozenset({"buckets"}),
        endpoint=moto.url,
        at=lambda url: Variant(provider=f"s3={url};region=us-east-1"),
        bucket_location="EUROPE-WEST1",
        imports=frozenset({"deltacloud_ec2"}),
        patience=5,
    )


class TestGoogle(DriverContract):
    """Buckets and blobs."""
