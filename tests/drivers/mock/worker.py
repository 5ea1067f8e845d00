"""A process of its own that uses a pretend cloud as hard as it can, and prints what it made.

Run as ``worker.py DIRECTORY WHAT COUNT [greenlets]``.
"""

from __future__ import annotations

import sys

if "greenlets" in sys.argv:
    from gevent import monkey

    monkey.patch_all()

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))

from deltacloud.errors import Forbidden
from deltacloud.inputs import NewBucket, NewImage, NewInstance, NewKey, NewNetworkInterface, NewStorageVolume
from deltacloud.testing.uploading import Upload
from mockcloud import Cloud

TENTH = 10
CONTENT = b"0123456789abcdef" * 4096


def main(directory: str, what: str, count: int) -> None:
    """Make ``count`` things of the kind ``what`` each in four threads at once; print their ids."""
    cloud = Cloud(Path(directory))
    make = MAKERS[what]
    made: list[str] = []

    def work(thread: int) -> None:
        for number in range(count):
            made.extend(make(cloud, thread * count + number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cloud.driver.close()
    print(json.dumps(made))  # noqa: T201 - it is what the test reads


def instance(cloud: Cloud, number: int) -> Iterator[str]:
    """Launch; every tenth goes again, so that its number is taken anew."""
    made = cloud.call("create_instance", new=NewInstance(image_id="img1"))
    if number % TENTH == 0:
        cloud.call("destroy_instance", instance=cloud.call("stop_instance", instance=made))
    else:
        yield made.id


def volume(cloud: Cloud, _: int) -> Iterator[str]:
    """Make a volume, whose id has a clock."""
    yield cloud.call("create_storage_volume", new=NewStorageVolume()).id


def address(cloud: Cloud, _: int) -> Iterator[str]:
    """Reserve an address."""
    yield cloud.call("create_address").id


def interface(cloud: Cloud, _: int) -> Iterator[str]:
    """Plug into the same instance and the same subnet as all others."""
    new = NewNetworkInterface(instance_id="inst0", network_id="net2")
    yield cloud.call("create_network_interface", new=new).ip_address


def key(cloud: Cloud, number: int) -> Iterator[str]:
    """Ask for a name that the other processes ask for, too."""
    try:
        yield cloud.call("create_key", new=NewKey(name=f"key{number}")).id
    except Forbidden:
        return


def blob(cloud: Cloud, number: int) -> Iterator[str]:
    """Write over what others write, and read it: it is always one of the contents, whole."""
    letter = bytes([65 + number % 26])
    cloud.call("write_blob", bucket_id="bucket1", blob_id="shared", upload=Upload(letter * len(CONTENT)))
    read = cloud.content("bucket1", "shared")
    assert len(set(read)) == 1
    assert len(read) == len(CONTENT)
    yield read[:1].decode()


def anything(cloud: Cloud, number: int) -> Iterator[str]:
    """A little of everything, until someone ends it."""
    bucket = f"bucket{number}-{id(cloud)}-{threading.get_ident()}"
    cloud.call("create_bucket", new=NewBucket(name=bucket))
    cloud.call("write_blob", bucket_id=bucket, blob_id="blob", upload=Upload(CONTENT))
    made = cloud.call("create_instance", new=NewInstance(image_id="img1"))
    cloud.call("create_image", new=NewImage(instance_id=made.id))
    disk = cloud.call("create_storage_volume", new=NewStorageVolume())
    cloud.call("attach_storage_volume", volume_id=disk.id, instance_id=made.id, device="/dev/sdb")
    sys.stderr.write(".")
    sys.stderr.flush()
    yield made.id


MAKERS: dict[str, Callable[[Cloud, int], Iterator[str]]] = {
    "instance": instance,
    "volume": volume,
    "address": address,
    "interface": interface,
    "key": key,
    "blob": blob,
    "anything": anything,
}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
