"""A machine's life by the official SDK: run by the interpreter of an environment that has it; prints what it saw.

Arguments: the API's URL, a file of certificates, the user. The password comes from standard input.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import ovirtsdk4
from ovirtsdk4 import types

_PATIENCE = 10.0


def life(connection: ovirtsdk4.Connection, seen: dict[str, Any]) -> None:
    """Everything that the driver does, and some that it does not; what comes back is noted."""
    system = connection.system_service()
    seen["version"] = system.get().product_info.version.full_version
    centers = system.data_centers_service().list()
    seen["data centres"] = [(center.name, str(center.status)) for center in centers]
    south = centers[1]
    clusters = system.data_centers_service().data_center_service(south.id).clusters_service().list()
    seen["clusters"] = [cluster.name for cluster in clusters]
    seen["hosts"] = len(system.hosts_service().list(search="status=up"))
    templates = system.templates_service().list(search=f'datacenter="{south.name}" sortby name asc page 1', max=10)
    seen["templates"] = [(one.name, one.version.version_name, str(one.status), one.memory) for one in templates]

    machines = system.vms_service()
    made = machines.add(
        types.Vm(
            name="by-the-sdk",
            cluster=types.Cluster(id=clusters[0].id),
            template=types.Template(id=templates[0].id),
            memory=2 * 2**30,
            memory_policy=types.MemoryPolicy(guaranteed=2**30, max=4 * 2**30),
            cpu=types.Cpu(topology=types.CpuTopology(cores=2, sockets=1, threads=1)),
            os=types.OperatingSystem(boot=types.Boot(devices=[types.BootDevice.HD, types.BootDevice.NETWORK])),
            initialization=types.Initialization(
                custom_script="#cloud-config\n", authorized_ssh_keys="ssh-ed25519 AAAA"
            ),
        )
    )
    service = machines.vm_service(made.id)
    seen["made"] = str(made.status)
    _wait(service, types.VmStatus.DOWN)
    _devices(system, service, south.id, seen)
    service.start(use_initialization=True)
    _wait(service, types.VmStatus.UP)
    seen["consoles"] = [
        (str(one.protocol), one.address, one.port) for one in service.graphics_consoles_service().list(current=True)
    ]
    for action in (service.remove, service.start):
        try:
            action()
        except ovirtsdk4.Error as error:
            seen.setdefault("refused", []).append((error.code, error.fault.reason, error.fault.detail))
    service.reboot()
    _wait(service, types.VmStatus.UP)
    service.shutdown()
    _wait(service, types.VmStatus.DOWN)
    whole = service.get(follow="nics.reporteddevices,disk_attachments.disk")
    seen["followed"] = (
        [(nic.name, nic.mac.address is not None, nic.vnic_profile is not None) for nic in whole.nics],
        [(one.disk.name, one.disk.provisioned_size, one.bootable) for one in whole.disk_attachments],
    )
    seen["machine"] = [
        whole.name, whole.memory, whole.cpu.topology.cores, [str(one) for one in whole.os.boot.devices],
        whole.initialization.custom_script, whole.creation_time.tzinfo is not None, str(whole.type),
    ]  # fmt: skip
    template = system.templates_service().add(types.Template(name="of-the-sdk", vm=types.Vm(id=made.id)))
    seen["template"] = (template.name, str(template.status))
    system.templates_service().template_service(template.id).remove()
    service.remove()
    try:
        service.get()
    except ovirtsdk4.Error as error:
        seen["gone"] = str(error)


def _devices(system: Any, service: Any, center: str, seen: dict[str, Any]) -> None:
    """An interface and a disk, given and taken."""
    networks = system.data_centers_service().data_center_service(center).networks_service().list()
    profiles = system.networks_service().network_service(networks[0].id).vnic_profiles_service().list()
    seen["profiles"] = [str(one.pass_through.mode) for one in profiles]
    nic = service.nics_service().add(types.Nic(name="nic2", vnic_profile=types.VnicProfile(id=profiles[1].id)))
    seen["interfaces"] = [one.name for one in service.nics_service().list()]
    service.nics_service().nic_service(nic.id).remove()
    domains = system.data_centers_service().data_center_service(center).storage_domains_service().list()
    seen["domains"] = [(str(one.type), str(one.storage.type)) for one in domains]
    disk = system.disks_service().add(
        types.Disk(
            name="more",
            provisioned_size=3 * 2**30,
            format=types.DiskFormat.COW,
            storage_domains=[types.StorageDomain(id=domains[1].id)],
        )
    )
    attachments = service.disk_attachments_service()
    attachments.add(
        types.DiskAttachment(
            disk=types.Disk(id=disk.id), interface=types.DiskInterface.VIRTIO_SCSI, bootable=False, active=True
        )
    )
    seen["attached"] = sorted(str(one.interface) for one in attachments.list())
    whole = system.disks_service().disk_service(disk.id).get(all_content=True)
    seen["disk"] = (whole.name, whole.provisioned_size, str(whole.status), len(whole.vms))
    attachments.attachment_service(disk.id).remove(detach_only=True)
    system.disks_service().disk_service(disk.id).remove()


def _wait(service: Any, status: types.VmStatus) -> None:
    end = time.monotonic() + _PATIENCE
    while service.get().status != status:
        if time.monotonic() > end:
            raise TimeoutError(status)
        time.sleep(0.02)


def main() -> None:
    """The whole life, over a connection that verifies the certificate."""
    url, certificates, user = sys.argv[1:]
    seen: dict[str, Any] = {}
    connection = ovirtsdk4.Connection(
        url=url, username=user, password=sys.stdin.readline().rstrip("\n"), ca_file=certificates
    )
    life(connection, seen)
    connection.close()
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
