"""The driver: what it declares. Its calls are in :mod:`~deltacloud_digitalocean.compute` and the like."""

from __future__ import annotations

from deltacloud import features
from deltacloud.context import Context
from deltacloud.driver import CredentialFields, Parameter, StateMachine
from deltacloud.errors import DeltacloudError
from deltacloud_digitalocean.compute import ComputeHooks
from deltacloud_digitalocean.credentials import is_for_spaces_alone
from deltacloud_digitalocean.endpoints import PROVIDERS
from deltacloud_digitalocean.metrics import MetricHooks
from deltacloud_digitalocean.networking import NetworkingHooks
from deltacloud_digitalocean.settings import DigitalOceanSettings
from deltacloud_digitalocean.storage import StorageHooks
from deltacloud_digitalocean.volumes import VolumeHooks
from deltacloud_ec2.errors import translate as of_spaces
from deltacloud_ec2.storage import LIMITATIONS as OF_STORAGE

_REALM = "The region; without it the operator's, or the first that is available"


class DigitalOceanDriver(ComputeHooks, NetworkingHooks, VolumeHooks, MetricHooks, StorageHooks):
    """DigitalOcean, API v2 and Spaces (https://docs.digitalocean.com/reference/api/)."""

    name = "digitalocean"
    title = "Digitalocean"
    contract = 1
    credentials = CredentialFields(
        "User name (anything), or Spaces access key",
        "API token, or Spaces secret key",
        token="Spaces secret key",  # noqa: S106 - a label
        help="A personal access token, made on the page API of DigitalOcean's control panel, is the password; the user "
        "name is shown as the owner of things. Buckets have a pair of keys of their own, made on the page Spaces: the "
        "access key is the user name, and the secret key the session token, or the password if there is no API token.",
        anonymous=True,
    )
    providers = PROVIDERS
    hosts = ("api.digitalocean.com", "*.digitaloceanspaces.com")
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
        features.BUCKET_LOCATION,
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
        "What is measured of an instance but its use of the network needs DigitalOcean's agent in it.",
        "Buckets are those of one region, the provider's; a location can only be that one.",
        OF_STORAGE[0],
    )

    def inspect_account(self, context: Context) -> frozenset[str] | None:
        """Whether the credentials are good; a token's account has everything, keys of Spaces alone lead to buckets."""
        if not is_for_spaces_alone(context.credentials):
            return super().inspect_account(context)
        next(self.list_buckets(context), None)
        return frozenset({"buckets", "drivers"})

    def translate_error(self, error: Exception) -> DeltacloudError | None:
        """What an exception of either service means."""
        return super().translate_error(error) or of_spaces(error)
