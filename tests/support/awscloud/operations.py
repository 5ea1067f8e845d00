"""What the drivers can ask Amazon's services for: service and operation, as methods of botocore's clients are called.

A test holds it to be what stands in the drivers' source; the recorder, what the tests make the drivers ask for.
"""

from __future__ import annotations

OPERATIONS = frozenset({
    "cloudwatch.get_metric_data", "cloudwatch.list_metrics",
    "ec2.allocate_address", "ec2.associate_address", "ec2.attach_network_interface", "ec2.attach_volume",
    "ec2.authorize_security_group_egress", "ec2.authorize_security_group_ingress", "ec2.create_image",
    "ec2.create_key_pair", "ec2.create_network_interface", "ec2.create_security_group", "ec2.create_snapshot",
    "ec2.create_subnet", "ec2.create_volume", "ec2.create_vpc", "ec2.delete_key_pair", "ec2.delete_network_interface",
    "ec2.delete_security_group", "ec2.delete_snapshot", "ec2.delete_subnet", "ec2.delete_volume", "ec2.delete_vpc",
    "ec2.deregister_image", "ec2.describe_addresses", "ec2.describe_availability_zones", "ec2.describe_images",
    "ec2.describe_instance_types", "ec2.describe_instances", "ec2.describe_key_pairs",
    "ec2.describe_network_interfaces", "ec2.describe_regions", "ec2.describe_security_groups",
    "ec2.describe_snapshots", "ec2.describe_subnets", "ec2.describe_volumes", "ec2.describe_vpcs",
    "ec2.detach_network_interface", "ec2.detach_volume", "ec2.disassociate_address", "ec2.import_key_pair",
    "ec2.reboot_instances", "ec2.release_address", "ec2.revoke_security_group_egress",
    "ec2.revoke_security_group_ingress", "ec2.run_instances", "ec2.start_instances", "ec2.stop_instances",
    "ec2.terminate_instances",
    "elb.create_load_balancer", "elb.delete_load_balancer", "elb.deregister_instances_from_load_balancer",
    "elb.describe_load_balancers", "elb.register_instances_with_load_balancer",
    "elbv2.create_listener", "elbv2.create_load_balancer", "elbv2.create_target_group", "elbv2.delete_load_balancer",
    "elbv2.delete_target_group", "elbv2.deregister_targets", "elbv2.describe_listeners",
    "elbv2.describe_load_balancers", "elbv2.describe_tags", "elbv2.describe_target_groups",
    "elbv2.describe_target_health", "elbv2.register_targets",
    "s3.abort_multipart_upload", "s3.complete_multipart_upload", "s3.copy_object", "s3.create_bucket",
    "s3.create_multipart_upload", "s3.delete_bucket", "s3.delete_object", "s3.get_object", "s3.head_bucket",
    "s3.head_object", "s3.list_buckets", "s3.list_objects", "s3.list_objects_v2", "s3.put_object", "s3.upload_part",
    "s3.upload_part_copy",
    "ssm.get_parameters",
})  # fmt: skip
