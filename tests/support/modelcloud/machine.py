"""The state machine: all rules together, and what holds after each step."""

from __future__ import annotations

import contextlib
import sys
import traceback

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, invariant

from modelcloud.blob_rules import BlobRules
from modelcloud.caller import Caller
from modelcloud.compute_rules import ComputeRules
from modelcloud.destroy_rules import DestroyRules
from modelcloud.disk_rules import DiskRules
from modelcloud.frontage_rules import FrontageRules
from modelcloud.leaving import leave
from modelcloud.network_rules import NetworkRules
from modelcloud.observing import hold_lists, observe
from modelcloud.records import Record
from modelcloud.tenant import Life, Tenant

SETTINGS = settings(
    stateful_step_count=40,
    phases=(Phase.generate,),  # to find fewer steps with the same end would take minutes
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
"""How the machine is run, but for how often and from which seed."""

PLAIN: Record = {"profile": (None, {}), "snapshot": None, "count": None, "stopped": False, "tags": {}}
"""What the first instances have nothing special of."""

SPARED = 3
"""Of how many steps one is looked at when others share the tenant: what they do is to come as thick as it can."""


class CloudMachine(ComputeRules, DiskRules, FrontageRules, NetworkRules, BlobRules, DestroyRules):
    """One client's stay: it makes, changes and destroys things, and sees exactly those.

    Args:
        caller: Its connections, which it closes in the end.
        user: The user name; one that nobody had before, so that what a failed run has left disturbs no other.
        prefix: How names begin that nobody else gives.
        sharing: Whether others do the same at the same time as the same user.
        lives: Where the lives of its things are noted when it leaves.
    """

    def __init__(
        self, caller: Caller, user: str, *, prefix: str = "", sharing: bool = False, lives: list[Life] | None = None
    ) -> None:
        super().__init__(Tenant(caller, user, prefix, sharing=sharing))
        self._lives = [] if lives is None else lives
        self._turn = 0

    @initialize()
    def arrive(self) -> None:
        """Begin with one or two things in every collection, so that there is something to act on."""
        key, net, sub, wall, balancer, bucket = (
            self.tenant.name(kind, "one") for kind in ("key", "net", "sub", "firewall", "balancer", "bucket")
        )
        self.create_key(name=key, public_key=None)
        self.create_network(name=net, block="10.1.0.0/29")
        self.create_subnet(network=net, name=sub, block="10.2.0.0/30")
        self.create_firewall(name=wall, description="plain")
        self.create_load_balancer(name=balancer, realm="us", port=80)
        self.create_bucket(name=bucket)
        self.put(bucket=bucket, blob="one", content="bytes", kind="text/plain", metadata={})
        self.create_volume(capacity=7, name=None, description=None, realm=None, snapshot=None, tags={})
        for realm in ("us", "eu"):
            self.launch(image="img1", name=realm, realm=realm, key=key, firewall=wall, subnet=sub, **PLAIN)
        (volume,), (_, busy) = self.tenant.ids("storage_volumes"), self.tenant.ids("instances")
        self.create_snapshot(volume=volume, name=None, description=None, tags={})
        self.make_image(instance=busy, name=None, description=None, tags={})
        self.attach(volume=volume, instance=busy, device="/dev/sdb")
        for number in range(2):
            self.reserve_address()
            self.associate(address=self.tenant.ids("addresses")[number], instance=busy)
        self.register(balancer=balancer, instance=busy)

    @invariant()
    def the_cloud_is_what_the_model_holds(self) -> None:
        self._turn += 1
        if not self.tenant.sharing or self._turn % SPARED == 0:
            observe(self.tenant, self._turn)

    def teardown(self) -> None:
        """Leave: everything can be destroyed, and then nothing is left. A run that has failed says how, and stops."""
        with contextlib.closing(self.caller):
            if isinstance(failure := sys.exception(), Exception):  # Hypothesis ends runs by what is no Exception
                traceback.print_exception(failure)
                sys.stderr.write("\n".join(["The last changes:", *self.caller.history, ""]))
                return
            leave(self.tenant)
            hold_lists(self.tenant)
            self._lives += self.tenant.lives
