"""Things made up: keys that open nothing, and measurements of machines that are not there."""

from __future__ import annotations

import random
import string

from deltacloud.models import Instance, Metric, MetricProperty, MetricSample

MEASURED = (
    "cpuUtilization",
    "diskReadRequestCount",
    "diskReadSector",
    "diskWriteRequestCount",
    "diskWriteSector",
    "nicInputByte",
    "nicInputPacket",
    "nicOutputByte",
    "nicOutputPacket",
)
"""What is measured of an instance."""

_UNITS = {"Utilization": "Percent", "Byte": "Bytes"}  # of the names that end so; the others are counts
_SAMPLES = 6
_ALPHABET = string.ascii_letters + string.digits + "=/+"
_LINES, _LINE, _LAST_LINE = 21, 75, 68


def fingerprint(randomness: random.Random) -> str:
    """Twenty bytes in hexadecimal, with colons."""
    return randomness.randbytes(20).hex(":")


def pem_body(randomness: random.Random) -> str:
    """What stands between the markers of a private key, and is none."""
    lengths = [_LINE] * _LINES + [_LAST_LINE]
    return "\n".join("".join(randomness.choices(_ALPHABET, k=length)) for length in lengths)


def pem(body: str) -> str:
    """A body between its markers; the second one follows on the last line, as clients of the original know it."""
    kind = "RSA PRIVATE KEY"
    return f"-----BEGIN {kind}-----\n{body}-----END {kind}-----"


def metric(instance: Instance) -> Metric:
    """What is measured of an instance, without samples."""
    return Metric(id=instance.id, entity=instance.name, properties=tuple(MetricProperty(name) for name in MEASURED))


def measured(instance: Instance, now: int, randomness: random.Random) -> Metric:
    """What is measured of an instance, with a sample for each of the last seconds, the newest first."""
    properties = tuple(
        MetricProperty(name, tuple(_sample(name, now - age, randomness) for age in range(_SAMPLES)))
        for name in MEASURED
    )
    return Metric(id=instance.id, entity=instance.name, properties=properties)


def _sample(name: str, timestamp: int, randomness: random.Random) -> MetricSample:
    minimum, maximum = randomness.randint(1, 49), randomness.randint(50, 99)
    unit = next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), "Count")
    if unit == "Percent":
        return MetricSample(
            minimum=minimum / 100,
            maximum=maximum / 100,
            average=(minimum + maximum) / 200,
            timestamp=timestamp,
            unit=unit,
        )
    return MetricSample(
        minimum=minimum, maximum=maximum, average=(minimum + maximum) // 2, timestamp=timestamp, unit=unit
    )
