"""Accounts in a running moto: keys that are checked, tenants that are apart, and clients that ask past the driver."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import botocore.session
from botocore.config import Config

_EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
_LOOKING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}
)
ROLES = ("ec2", "s3", "elb", "mon", "ssm")


class Keys(NamedTuple):
    """A login."""

    access_key: str
    secret_key: str
    token: str | None = None

    @property
    def login(self) -> tuple[str, str] | tuple[str, str, str]:
        """As the kit takes it."""
        return self[:2] if self.token is None else (self.access_key, self.secret_key, self.token)


ANY = Keys("AKIASEEDSEEDSEEDSEED", "seed")
WRONG_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@dataclass
class Accounts:
    """A moto that checks signatures, and the logins that it knows.

    Attributes:
        url: Where it is.
        main: A login that may do everything.
        other: The same in another account.
        looking: A login that may describe things of EC2 and nothing else.
    """

    url: str
    main: Keys = field(init=False)
    other: Keys = field(init=False)
    looking: Keys = field(init=False)

    def __post_init__(self) -> None:
        self.main = self.made("111111111111", _EVERYTHING)
        self.other = self.made("222222222222", _EVERYTHING)
        self.looking = self.made("333333333333", _LOOKING)
        self._control("reset-auth", "0")

    @property
    def wrong(self) -> Keys:
        """A login that looks right."""
        return Keys(self.main.access_key, WRONG_SECRET)

    def provider(self, **elsewhere: str) -> str:
        """A provider's text that leads every role here; some of them elsewhere."""
        return ";".join(f"{role}={elsewhere.get(role, self.url)}" for role in ROLES)

    def client(self, service: str, keys: Keys | None = None) -> Any:
        """A plain client, to ask past the driver; the main account's if no keys are given."""
        return client(service, self.url, keys or self.main)

    def made(self, account: str, policy: str = _EVERYTHING, name: str = "tester") -> Keys:
        """A user in an account of this number, and keys of his; only while nothing is checked."""
        arn = f"arn:aws:iam::{account}:role/any"
        role = client("sts", self.url, ANY).assume_role(RoleArn=arn, RoleSessionName="seed")["Credentials"]
        iam = client("iam", self.url, Keys(role["AccessKeyId"], role["SecretAccessKey"], role["SessionToken"]))
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="allowed", PolicyDocument=policy)
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=_EVERYTHING)
        iam.put_role_policy(RoleName=name, PolicyName="allowed", PolicyDocument=policy)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return Keys(made["AccessKeyId"], made["SecretAccessKey"])

    def temporary(self) -> Keys:
        """Credentials with a session token, for the main account."""
        sts = client("sts", self.url, self.main)
        arn = "arn:aws:iam::111111111111:role/tester"
        made = sts.assume_role(RoleArn=arn, RoleSessionName="temporary")["Credentials"]
        return Keys(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])

    @contextmanager
    def unchecked(self) -> Iterator[None]:
        """No signature is checked meanwhile: with checks, moto stumbles over requests without one."""
        self._control("reset-auth", "Infinity")
        try:
            yield
        finally:
            self._control("reset-auth", "0")

    def _control(self, path: str, body: str) -> None:
        request = urllib.request.Request(
            f"{self.url}/moto-api/{path}", body.encode(), {"Content-Type": "text/plain"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=30):
            pass


@cache
def client(service: str, url: str, keys: Keys, region: str = "us-east-1") -> Any:
    """A plain client of botocore's, with the keys of one account."""
    return _session().create_client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token,
        config=Config(
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@cache
def _session() -> Any:
    """One for all: each would read the services' models again."""
    return botocore.session.Session()
