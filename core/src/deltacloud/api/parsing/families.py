"""Families of parameters, numbered or with a common beginning, as the typed parts of inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deltacloud.api.parsing.metadata import metadata_entry
from deltacloud.api.parsing.parameter_set import ParameterSet
from deltacloud.api.parsing.values import convert, decode_base64, interface
from deltacloud.errors import InvalidRequest
from deltacloud.inputs import AddressSource, FirewallSourceInput, GroupSource, HardwareOverrides
from deltacloud.models import Pairs
from deltacloud.parameters import Parameter

USER_FILE_LIMIT = 5
"""How many files an instance may be given."""
METADATA_LIMIT = 1000
"""How many entries of metadata a blob may have."""

HARDWARE_PARAMETERS = (
    Parameter(name="hwp_cpu", type="number", minimum=0, help="Number of processors"),
    Parameter(name="hwp_memory", type="number", minimum=0, help="Memory in MB; 1,024 of them are a GB"),
    Parameter(name="hwp_storage", type="number", minimum=0, help="Storage in GB of 1,024 MB each"),
    Parameter(name="hwp_architecture", help="Architecture, such as x86_64"),
)
"""What may be set differently from the hardware profile."""

_ADDRESS = re.compile(r"ip[_-]address", re.IGNORECASE)


def numbered(parameters: ParameterSet, name: str) -> Iterator[tuple[int, str]]:
    """The members of a family ``name1``, ``name2``, ... that are there: (number, full name), by number."""
    pattern = re.compile(re.escape(name) + "([0-9]{1,9})")
    found = (pattern.fullmatch(one) for one in parameters)
    yield from sorted((int(one[1]), one[0]) for one in found if one is not None)


def firewall_ids(parameters: ParameterSet) -> tuple[str, ...]:
    """``firewalls0``, ``firewalls1``, ..., and a bare ``firewalls``; empty values and repetitions are left out."""
    names = ["firewalls", *(name for _, name in numbered(parameters, "firewalls"))]
    ids = (value.strip() for name in names for value in parameters.getall(name))
    return tuple(dict.fromkeys(one for one in ids if one))


def user_files(parameters: ParameterSet, *, text_is_base64: bool = False) -> tuple[tuple[str, bytes], ...]:
    """``path1`` with ``content1``, ...: (path, contents). A path without contents, or the reverse, is left out.

    Args:
        parameters: The request's.
        text_is_base64: What a content sent as text is; one sent as a file is raw.

    Raises:
        InvalidRequest: more than :data:`USER_FILE_LIMIT`, or a text that is no base64 where it must be.
    """
    files = []
    for number, name in numbered(parameters, "path"):
        path = parameters.get(name)
        content = _content(parameters, f"content{number}", text_is_base64)
        if path and content is not None:
            files.append((path, content))
    if len(files) > USER_FILE_LIMIT:
        raise InvalidRequest(f"An instance can be given {USER_FILE_LIMIT} files at most", "user_files")
    return tuple(files)


def _content(parameters: ParameterSet, name: str, text_is_base64: bool) -> bytes | None:
    file = parameters.file(name)
    if file is not None:
        return file.read()
    text = parameters.get(name)
    if not text:
        return None
    return decode_base64(text, name) if text_is_base64 else text.encode()


def form_metadata(parameters: ParameterSet) -> Pairs:
    """``meta_name1`` with ``meta_value1``, ... up to ``meta_params``, or all of them without it.

    An entry without a name is left out; one without a value has an empty one.

    Raises:
        InvalidRequest: ``meta_params`` is no number up to :data:`METADATA_LIMIT`, or an entry cannot be stored.
    """
    count = convert(_COUNT, parameters.get("meta_params") or "")
    entries: dict[str, str] = {}
    for number, name in numbered(parameters, "meta_name"):
        text = parameters.get(name)
        if text and (count is None or 1 <= number <= int(count)):
            key, value = metadata_entry(text, parameters.get(f"meta_value{number}") or "")
            entries[key] = value
    return tuple(entries.items())


_COUNT = Parameter(name="meta_params", type="integer", minimum=0, maximum=METADATA_LIMIT)


def firewall_sources(parameters: ParameterSet) -> tuple[FirewallSourceInput, ...]:
    """The sources of a firewall rule: every ``ip_address...`` or ``ip-address...``, then ``group1``, ``group2``, ...

    A group without ``groupNowner`` has no owner. Empty values are left out.

    Raises:
        InvalidRequest: no source at all, or an address that is none.
    """
    sources: tuple[FirewallSourceInput, ...] = (*_address_sources(parameters), *_group_sources(parameters))
    if not sources:
        raise InvalidRequest("No sources. Specify at least one source ip address or group.", "sources")
    return sources


def _address_sources(parameters: ParameterSet) -> Iterator[AddressSource]:
    for name in parameters:
        if _ADDRESS.match(name):
            for text in parameters.getall(name):
                if text.strip():
                    yield AddressSource(interface(text, name))


def _group_sources(parameters: ParameterSet) -> Iterator[GroupSource]:
    for _, name in numbered(parameters, "group"):
        group = (parameters.get(name) or "").strip()
        if group:
            yield GroupSource(group, (parameters.get(f"{name}owner") or "").strip() or None)


def tags(parameters: ParameterSet) -> Pairs:
    """``tag_KEY=VALUE`` parameters as (key, value), in the order received, and then the lines of ``tags``.

    A form of HTML cannot have fields whose names are typed, so ``tags`` holds ``KEY=VALUE`` in each of its lines.
    """
    named = [
        (name.removeprefix("tag_"), parameters.get(name) or "")
        for name in parameters
        if name.startswith("tag_") and name != "tag_"
    ]
    lines = [line.partition("=") for line in (parameters.get("tags") or "").splitlines()]
    return (*named, *((key.strip(), value.strip()) for key, _, value in lines if key.strip()))


def hardware_overrides(parameters: ParameterSet) -> HardwareOverrides:
    """``hwp_cpu``, ``hwp_memory``, ``hwp_storage`` and ``hwp_architecture``; empty ones count as not sent.

    Raises:
        InvalidRequest: a number is none, or negative.
    """
    numbers = {}
    for parameter in HARDWARE_PARAMETERS[:3]:
        value = convert(parameter, parameters.get(parameter.name) or "")
        numbers[parameter.name] = value if isinstance(value, int | float) else None
    return HardwareOverrides(
        cpu=numbers["hwp_cpu"],
        memory=numbers["hwp_memory"],
        storage=numbers["hwp_storage"],
        architecture=(parameters.get("hwp_architecture") or "").strip() or None,
    )
