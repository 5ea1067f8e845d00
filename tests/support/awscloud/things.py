"""Things that tests need in moto, made and asked for past the driver."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from awscloud.accounts import Accounts, Keys
from awscloud.images import IMAGE

ZONE = "us-east-1a"


def name(word: str = "seed") -> str:
    """A name that nothing else has."""
    return f"{word}-{secrets.token_hex(5)}"


def default_subnet(moto: Accounts, zone: str = ZONE, keys: Keys | None = None) -> dict[str, Any]:
    """The default subnet of a zone."""
    filters = [{"Name": "availability-zone", "Values": [zone]}, {"Name": "default-for-az", "Values": ["true"]}]
    found: dict[str, Any] = moto.client("ec2", keys).describe_subnets(Filters=filters)["Subnets"][0]
    return found


def described(moto: Accounts, instance_id: str) -> dict[str, Any]:
    """An instance as the cloud has it."""
    answer = moto.client("ec2").describe_instances(InstanceIds=[instance_id])
    found: dict[str, Any] = answer["Reservations"][0]["Instances"][0]
    return found


def a_user(moto: Accounts, *actions: str) -> Keys:
    """Keys of a new user of the main account who may do these things alone."""
    iam = moto.client("iam")
    allowed = [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]
    user = name("user")
    iam.create_user(UserName=user)
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    iam.put_user_policy(UserName=user, PolicyName="allowed", PolicyDocument=document)
    made = iam.create_access_key(UserName=user)["AccessKey"]
    return Keys(made["AccessKeyId"], made["SecretAccessKey"])


@contextmanager
def an_instance(moto: Accounts, **parameters: object) -> Iterator[str]:
    """The id of an instance that is ended with the block."""
    ec2 = moto.client("ec2")
    asked: dict[str, object] = {"ImageId": IMAGE, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    made: str = ec2.run_instances(**asked, **parameters)["Instances"][0]["InstanceId"]
    try:
        yield made
    finally:
        ec2.terminate_instances(InstanceIds=[made])


@contextmanager
def another_network(moto: Accounts, block: str = "10.77.0.0/16") -> Iterator[tuple[str, str]]:
    """The ids of a network that is not the default one, and of a subnet in it."""
    ec2 = moto.client("ec2")
    network = ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
    within = block.rpartition(".0/")[0].rpartition(".")[0] + ".1.0/24"
    subnet = ec2.create_subnet(VpcId=network, CidrBlock=within, AvailabilityZone=ZONE)["Subnet"]["SubnetId"]
    try:
        yield network, subnet
    finally:
        ec2.delete_subnet(SubnetId=subnet)
        ec2.delete_vpc(VpcId=network)
