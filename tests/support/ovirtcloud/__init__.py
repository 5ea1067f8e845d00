"""An engine of oVirt, as a server with a state: what the driver ``rhevm`` talks to in its tests.

It speaks version 4 of the API, built from the published model of the API and from the engine's own source: documents,
searches and pages, followed links, faults, who may see what. It runs no machines; the driver's README names what that
leaves open.
"""

from ovirtcloud.running import Engine, ovirt_engine
from ovirtcloud.state import ADMIN, JANE, JOE, Machine, State

__all__ = ["ADMIN", "JANE", "JOE", "Engine", "Machine", "State", "ovirt_engine"]
