"""The guarded way out: every connection that this server makes for a caller is made here.

For drivers the doors are ``context.http``, ``context.shared``, ``context.private`` and ``context.sdk``; the kernel
makes a :class:`WayOut` for each driver. Sections 6 and 7 of the driver contract say what is promised.
"""

from deltacloud.outbound.endpoints import Endpoint, check_label
from deltacloud.outbound.http import Session
from deltacloud.outbound.meanings import meaning
from deltacloud.outbound.policy import Policy
from deltacloud.outbound.resolver import Resolver
from deltacloud.outbound.sdk import CallerExecutor, SdkAccess
from deltacloud.outbound.way_out import WayOut

__all__ = [
    "CallerExecutor", "Endpoint", "Policy", "Resolver", "SdkAccess", "Session", "WayOut", "check_label", "meaning",
]  # fmt: skip
