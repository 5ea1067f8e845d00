"""What the drivers can ask Amazon's services for: service and operation, as methods of botocore's clients are called.

A test holds it to be what stands in the drivers' source; the recorder, what the tests make the drivers ask for.
"""

from __future__ import annotations

OPERATIONS = frozenset({
    "s3.abort_multipart_upload", "s3.complete_multipart_upload", "s3.copy_object", "s3.create_bucket",
    "s3.create_multipart_upload", "s3.delete_bucket", "s3.delete_object", "s3.get_object", "s3.head_bucket",
    "s3.head_object", "s3.list_buckets", "s3.list_objects", "s3.list_objects_v2", "s3.put_object", "s3.upload_part",
    "s3.upload_part_copy",
})  # fmt: skip
