"""An account with many instances, in pages as Amazon gives them; moto takes minutes to launch as many."""

from __future__ import annotations

from awscloud.canned import NO_NETWORKS, Canned, Parameters

_ITEM = (
    "<item><reservationId>r-{0:017x}</reservationId><ownerId>111122223333</ownerId><groupSet/><instancesSet><item>"
    "<instanceId>i-{0:017x}</instanceId><imageId>ami-0123456789abcdef0</imageId>"
    "<instanceState><code>16</code><name>running</name></instanceState>"
    "<privateDnsName>ip-10-0-{1}-{2}.ec2.internal</privateDnsName>"
    "<dnsName>ec2-198-51-{1}-{2}.compute-1.amazonaws.com</dnsName><reason/><keyName>door</keyName>"
    "<amiLaunchIndex>0</amiLaunchIndex><productCodes/><instanceType>m5.large</instanceType>"
    "<launchTime>2026-11-24T12:34:56.000Z</launchTime>"
    "<placement><availabilityZone>us-east-1a</availabilityZone><groupName/><tenancy>default</tenancy></placement>"
    "<monitoring><state>disabled</state></monitoring><subnetId>subnet-0123456789abcdef0</subnetId>"
    "<vpcId>vpc-0123456789abcdef0</vpcId><privateIpAddress>10.0.{1}.{2}</privateIpAddress>"
    "<ipAddress>198.51.{1}.{2}</ipAddress><sourceDestCheck>true</sourceDestCheck><groupSet>"
    "<item><groupId>sg-0123456789abcdef0</groupId><groupName>web</groupName></item>"
    "<item><groupId>sg-0123456789abcdef1</groupId><groupName>all</groupName></item></groupSet>"
    "<architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType>"
    "<rootDeviceName>/dev/xvda</rootDeviceName><blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs>"
    "<volumeId>vol-{0:017x}</volumeId><status>attached</status><attachTime>2026-11-24T12:34:57.000Z</attachTime>"
    "<deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>"
    "<virtualizationType>hvm</virtualizationType><clientToken>3b1c</clientToken>"
    "<tagSet><item><key>Name</key><value>web-{0}</value></item><item><key>team</key><value>web</value></item></tagSet>"
    "<hypervisor>xen</hypervisor><networkInterfaceSet><item><networkInterfaceId>eni-{0:017x}</networkInterfaceId>"
    "<subnetId>subnet-0123456789abcdef0</subnetId><vpcId>vpc-0123456789abcdef0</vpcId><description/>"
    "<ownerId>111122223333</ownerId><status>in-use</status><macAddress>02:dd:2c:5e:01:69</macAddress>"
    "<privateIpAddress>10.0.{1}.{2}</privateIpAddress><sourceDestCheck>true</sourceDestCheck>"
    "<groupSet><item><groupId>sg-0123456789abcdef0</groupId><groupName>web</groupName></item></groupSet>"
    "<attachment><attachmentId>eni-attach-{0:017x}</attachmentId><deviceIndex>0</deviceIndex>"
    "<status>attached</status><attachTime>2026-11-24T12:34:56.000Z</attachTime>"
    "<deleteOnTermination>true</deleteOnTermination></attachment></item></networkInterfaceSet>"
    "<ebsOptimized>true</ebsOptimized><enaSupport>true</enaSupport></item></instancesSet></item>"
)


def identifier(number: int) -> str:
    """The id of one of the instances, counted from 0."""
    return f"i-{number:017x}"


def crowd(count: int) -> Canned:
    """A cloud with so many instances."""

    def describe(parameters: Parameters) -> str:
        start = int(parameters.get("NextToken", "0"))
        end = min(start + int(parameters["MaxResults"]), count)
        items = "".join(_ITEM.format(number, number // 256 % 256, number % 256) for number in range(start, end))
        following = f"<nextToken>{end}</nextToken>" if end < count else ""
        return f"<reservationSet>{items}</reservationSet>{following}"

    return Canned({"DescribeVpcs": NO_NETWORKS, "DescribeInstances": describe})
