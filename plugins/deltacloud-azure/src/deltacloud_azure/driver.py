"""The driver ``azure``: buckets and blobs of a storage account.

Source: https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deltacloud.blobs import BlobContent, BlobUpload
from deltacloud.context import Context
from deltacloud.driver import CredentialFields, Driver
from deltacloud.errors import Conflict, DeltacloudError
from deltacloud.inputs import BlobProperties, ByteRange, NewBucket, PageRequest
from deltacloud.models import Blob, BlobEntry, Bucket, Page, Pairs
from deltacloud_azure import downloads, listing, parts, uploads
from deltacloud_azure.endpoints import HOSTS, PROVIDERS
from deltacloud_azure.errors import code_of, translate
from deltacloud_azure.mapping import blob_from, bucket_from
from deltacloud_azure.names import blob_name, container_name, metadata_to, new_blob_name, new_container_name
from deltacloud_azure.settings import AzureSettings

if TYPE_CHECKING:
    from azure.storage.blob import BlobClient, ContainerClient

    from deltacloud_azure.client import Account


class AzureDriver(Driver):
    """Azure Blob Storage."""

    name = "azure"
    title = "Azure"
    contract = 1
    credentials = CredentialFields(
        username="Storage account",
        password="Access key or shared access signature",  # noqa: S106 - a label
        help="The Azure portal shows both on the storage account's page, under Access keys and Shared access signature",
    )
    providers = PROVIDERS
    hosts = HOSTS
    settings = AzureSettings
    limitations = (
        "Buckets and blobs only: an account has no location to choose for a bucket.",
        "Letters of a new bucket's name are made small.",
        "A blob's name has no segment that ends with a dot, no backslash, and no control characters.",
        "Names of metadata are letters, digits, hyphens and underscores; a hyphen is kept as two underscores.",
        "Values of metadata that are not plain ASCII are kept as encoded words (RFC 2047).",
        "Whether a bucket is empty is looked up before it is deleted: a blob that is written just then goes with it.",
        "The name of a deleted bucket can be used again after half a minute or more (409 before).",
        "Parts of uploads that were broken off or thrown away take up space, unseen, for a week.",
        "An upload in parts ends when its blob is written by other means, and needs the permission to read.",
        "A content of more than 4 MiB is not written over an append or page blob (409).",
        "Snapshots and older versions of blobs are not shown; deleting a blob deletes its snapshots.",
        "A signature for one bucket cannot list the buckets of the account.",
        "Accounts whose keys are switched off cannot be used with a key (403), and not with Entra identities.",
    )

    _settings: AzureSettings

    def translate_error(self, error: Exception) -> DeltacloudError | None:
        """What the SDK's exceptions mean."""
        return translate(error)

    # Buckets

    def list_buckets(self, context: Context, page: PageRequest) -> Page[Bucket]:
        """One page of the account's containers."""
        return listing.containers(self._account(context).service(), page.marker, page.size(self._settings.page_size))

    def get_bucket(self, context: Context, bucket_id: str) -> Bucket:
        """A container."""
        self._container(context, bucket_id).get_container_properties()
        return bucket_from(bucket_id)

    def create_bucket(self, context: Context, new: NewBucket) -> Bucket:
        """Make a container; nobody else may read it."""
        name = new_container_name(new.name)
        self._container(context, name).create_container()
        return bucket_from(name)

    def destroy_bucket(self, context: Context, bucket_id: str) -> None:
        """Delete a container that is empty; the cloud itself would delete any."""
        container = self._container(context, bucket_id)
        listing.require_empty(container)
        container.delete_container()

    # Blobs

    def list_blobs(
        self, context: Context, bucket_id: str, prefix: str | None, delimiter: str | None, page: PageRequest
    ) -> Page[BlobEntry]:
        """One page of a container's blobs, in the order of their names."""
        container = self._container(context, bucket_id)
        return listing.blobs(container, prefix, delimiter, page.marker, page.size(self._settings.page_size))

    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        """A blob of any kind."""
        properties = self._blob(context, bucket_id, blob_id).get_blob_properties()
        return blob_from(properties, bucket_id, blob_id)

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        """Content, in pieces that are fetched ahead."""
        return downloads.read(context, self._blob(context, bucket_id, blob_id), byte_range, self._settings.parallel)

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        """Write a block blob; a small one at once, others in blocks."""
        blob = self._new_blob(context, bucket_id, blob_id)
        try:
            return uploads.write(context, blob, upload, self._settings.parallel)
        except Exception as error:
            if code_of(error) == "InvalidBlockList":
                raise Conflict("Another upload of this blob has ended first") from None
            raise

    def replace_blob_metadata(self, context: Context, bucket_id: str, blob_id: str, metadata: Pairs) -> None:
        """Replace the metadata; the cloud leaves everything else alone."""
        self._blob(context, bucket_id, blob_id).set_blob_metadata(metadata_to(metadata))

    def destroy_blob(self, context: Context, bucket_id: str, blob_id: str) -> None:
        """Delete a blob with its snapshots, if it is there."""
        try:
            self._blob(context, bucket_id, blob_id).delete_blob(delete_snapshots="include")
        except Exception as error:
            if code_of(error) != "BlobNotFound":
                raise

    # Segmented uploads

    def begin_segmented_upload(self, context: Context, bucket_id: str, blob_id: str, properties: BlobProperties) -> str:
        """Begin an upload in parts; what the blob is like is told again at its end."""
        blob = self._new_blob(context, bucket_id, blob_id)
        uploads.properties_of(properties)
        return parts.begin(blob)

    def write_segment(
        self, context: Context, bucket_id: str, blob_id: str, upload_id: str, number: int, upload: BlobUpload
    ) -> str:
        """Send a part; its number counts at the end alone."""
        del number
        blob = self._new_blob(context, bucket_id, blob_id)
        return parts.write(context, blob, upload_id, upload, self._settings.parallel)

    def finish_segmented_upload(
        self,
        context: Context,
        bucket_id: str,
        blob_id: str,
        upload_id: str,
        segments: tuple[tuple[int, str], ...],
        properties: BlobProperties,
    ) -> Blob:
        """Make the blob."""
        return parts.finish(self._new_blob(context, bucket_id, blob_id), upload_id, segments, properties)

    def abort_segmented_upload(self, context: Context, bucket_id: str, blob_id: str, upload_id: str) -> None:
        """Throw the parts away."""
        parts.abort(self._new_blob(context, bucket_id, blob_id), upload_id)

    # The caller's account

    def _account(self, context: Context) -> Account:
        from deltacloud_azure.client import Account  # noqa: PLC0415 - the SDK is imported at its first use

        return Account(context, self._settings.api_version)

    def _container(self, context: Context, bucket_id: str) -> ContainerClient:
        return self._account(context).container(container_name(bucket_id))

    def _blob(self, context: Context, bucket_id: str, blob_id: str) -> BlobClient:
        return self._account(context).blob(container_name(bucket_id), blob_name(blob_id))

    def _new_blob(self, context: Context, bucket_id: str, blob_id: str) -> BlobClient:
        return self._account(context).blob(container_name(bucket_id), new_blob_name(blob_id))
