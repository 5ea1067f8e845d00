"""The driver: what it declares. Its calls are in :mod:`~deltacloud_digitalocean.compute` and the like."""

from __future__ import annotations

from deltacloud import features
from deltacloud.driver import CredentialFields, Parameter, Providers, StateMachine
from deltacloud.outbound.endpoints import installation
from deltacloud.providers import Endpoints
from deltacloud_digitalocean.compute import ComputeHooks
from deltacloud_digitalocean.networking import NetworkingHooks
from deltacloud_digitalocean.settings import DigitalOceanSettings
from deltacloud_digitalocean.volumes import VolumeHooks

_REALM = "The region; without it the operator's, or the first that is available"


class DigitalOceanDriver(ComputeHooks, NetworkingHooks, VolumeHooks):
    """DigitalOcean, API v2 (https://docs.digitalocean.com/reference/api/)."""

    name = "digitalocean"
    title = "Digitalocean"
    contract = 1
    credentials = CredentialFields(
        "User name (anything)",
        "API token",
        help="A personal access token, made on the page API of DigitalOcean's control panel; the user name is shown as "
        "the owner of things and means nothing else.",
    )
    providers = Providers(
        pattern=r"[A-Za-z0-9_-]+",
        endpoints=Endpoints(
            installation,
            "https://digitalocean.example.com",
            "A provider is the URL of a server with DigitalOcean's API; a mere word is ignored.",
        ),
    )
    hosts = ("api.digitalocean.com",)
    features = (
        features.OWNER_ID,
        features.IMAGE_NAME,
        features.USER_NAME,
        features.USER_DATA,
        features.AUTHENTICATION_KEY,
        features.FIREWALLS,
        features.INSTANCE_COUNT,
        features.METRICS,
        features.IMPORT_KEY,
        features.VOLUME_NAME,
        features.VOLUME_DESCRIPTION,
        features.TAGS,
    )
    parameters = (
        Parameter(name="ipv6", operation="instances.create", type="boolean", help="Whether it gets an IPv6 address"),
        Parameter(name="realm_id", operation="addresses.create", help=_REALM),
        Parameter(name="realm_id", operation="networks.create", help=_REALM),
    )
    states = StateMachine(
        ("start", "create", "pending"),
        ("pending", None, "running"),
        ("pending", None, "error"),
        ("running", "reboot", "running"),
        ("running", "stop", "stopping"),
        ("running", "destroy", "finish"),
        ("running", None, "error"),
        ("stopping", None, "stopped"),
        ("stopping", None, "error"),
        ("stopped", "start", "running"),
        ("stopped", "destroy", "finish"),
        ("stopped", None, "finish"),
    )
    settings = DigitalOceanSettings
    limitations = (
        "Stopping asks the guest's system to shut down, which may take a while; until then the instance is RUNNING.",
        "DigitalOcean does not tell which key an instance was launched with.",
        "Keys are imported; DigitalOcean generates none.",
        "An image takes minutes to be made; what takes longer than a request may is answered 202, and is listed later.",
        "The guest's system names the devices of volumes; the device that is asked for is not used.",
        "A firewall made here lets everything out, and has a tag that tells its members; only such can be sources.",
        "Tags have letters, digits, hyphens and underscores; their values may have colons.",
        "User data is text in UTF-8.",
        "Load balancers pass HTTPS on as it is, since there are no certificates here.",
        "Reserved IPv6 addresses are not shown.",
    )
