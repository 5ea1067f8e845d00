"""SeaweedFS: an S3 that is not moto, and checks every signature."""

from __future__ import annotations

import json

from emulators import Emulator, Place, answers, no_program, said
from programs import program

USER, SECRET = "AKIATEST", "secret"
"""The one key pair that it accepts."""


def _command(place: Place) -> list[str]:
    volumes = place.folder / "volumes"
    volumes.mkdir()
    configuration = place.folder / "s3.json"
    actions = ["Admin", "Read", "List", "Tagging", "Write"]
    identity = {"name": "test", "credentials": [{"accessKey": USER, "secretKey": SECRET}], "actions": actions}
    configuration.write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
    s3, master, volume, filer, *grpc = place.ports
    return [
        str(program("weed")), "server", f"-dir={volumes}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        f"-master.port={master}", f"-master.port.grpc={grpc[0]}", f"-volume.port={volume}",
        f"-volume.port.grpc={grpc[1]}", "-filer", f"-filer.port={filer}", f"-filer.port.grpc={grpc[2]}",
        "-s3", f"-s3.port={s3}", f"-s3.port.grpc={grpc[3]}", f"-s3.config={configuration}",
        "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.allowDeleteBucketNotEmpty=false",
        "-master.volumeSizeLimitMB=256", "-volume.max=60",
    ]  # fmt: skip


def _ready(place: Place) -> bool:
    """S3 answers some seconds before there is a volume to write to."""
    return answers(place.url) and '"fid"' in said(f"http://127.0.0.1:{place.ports[1]}/dir/assign")


SEAWEEDFS = Emulator("SeaweedFS", no_program("weed"), _command, _ready, ports=8)
