"""Amazon's EC2, VPC, load balancing, CloudWatch and S3."""

from deltacloud_ec2.driver import Ec2Driver
from deltacloud_ec2.settings import Ec2Settings

__all__ = ["Ec2Driver", "Ec2Settings"]

__version__ = "2.0.0"
