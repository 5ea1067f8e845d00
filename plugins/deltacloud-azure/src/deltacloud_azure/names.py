"""What may be called what: accounts, containers, blobs and their metadata.

Names come from clients and become parts of host names, paths and headers, so they are checked before anything is asked
of the cloud. Source: https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata.
"""

from __future__ import annotations

import re

from deltacloud.errors import AuthenticationFailed, InvalidRequest, NotFound
from deltacloud.models import Pairs
from deltacloud.texts import header_value, text_of_header

_ACCOUNT = re.compile(r"[a-z0-9]{3,24}", re.ASCII)
_CONTAINER = re.compile(r"(?=.{3,63}\Z)[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_MAKEABLE = frozenset({"$root", "$web"})
_OWN_CONTAINERS = _MAKEABLE | {"$logs", "$blobchangefeed"}
"""Containers with names of the cloud's own; the cloud itself makes the last two."""
_LONGEST_BLOB = 1024
_MOST_SEGMENTS = 254
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_METADATA_NAME = re.compile(r"[a-z_-][a-z0-9_-]*", re.ASCII)
_AMBIGUOUS = re.compile(r"__|_-|-_")
_EMPTY = "=?UTF-8?B??="
"""An empty value; a header that has none may get lost on its way."""


def account_name(username: str) -> str:
    """The account that a user name names.

    Raises:
        AuthenticationFailed: no account is called so.
    """
    if _ACCOUNT.fullmatch(username) is None:
        raise AuthenticationFailed("A storage account's name has 3 to 24 lower-case letters and digits")
    return username


def container_name(bucket_id: str) -> str:
    """The container that a bucket's id names.

    Raises:
        NotFound: no container can be called so.
    """
    if _CONTAINER.fullmatch(bucket_id) is None and bucket_id not in _OWN_CONTAINERS:
        raise NotFound("There is no such bucket")
    return bucket_id


def new_container_name(name: str) -> str:
    """The name of a container to be made, in lower case.

    Raises:
        InvalidRequest: the cloud takes no such name.
    """
    lowered = name.lower()
    if _CONTAINER.fullmatch(lowered) is None and lowered not in _MAKEABLE:
        raise InvalidRequest(
            "A bucket's name has 3 to 63 letters, digits and single hyphens, and begins and ends with a letter or"
            " digit; or it is $root or $web",
            "name",
        )
    return lowered


def blob_name(blob_id: str) -> str:
    """The blob that an id names.

    Raises:
        NotFound: no blob can be called so.
    """
    if _fault(blob_id):
        raise NotFound("There is no such blob")
    return blob_id


def new_blob_name(blob_id: str) -> str:
    """The name of a blob to be written.

    Raises:
        InvalidRequest: the cloud takes no such name, or the way there changes it.
    """
    fault = _fault(blob_id)
    if fault:
        raise InvalidRequest(f"A blob's name {fault}", "blob_id")
    return blob_id


def checked_part(text: str | None, parameter: str) -> str | None:
    """A part of blobs' names that a list is asked for by; None for an empty one.

    Raises:
        InvalidRequest: the answer could not repeat it, as it has to.
    """
    if text and (_CONTROL.search(text) or not _is_unicode(text)):
        raise InvalidRequest("No blob's name has control characters", parameter)
    return text or None


def _fault(name: str) -> str | None:
    """What is wrong with a blob's name, if anything is."""
    segments = name.split("/")
    if not 0 < len(name) <= _LONGEST_BLOB or len(segments) > _MOST_SEGMENTS:
        return f"has 1 to {_LONGEST_BLOB} characters, in at most {_MOST_SEGMENTS} segments"
    if any(segment.endswith(".") for segment in segments):
        # On their way . and .. are resolved, and the path then means another blob, or another container; from any
        # other segment the cloud takes dots at its end away.
        return "has no segment that ends with a dot"
    if "\\" in name:
        return "has no backslash: the cloud would make a slash of it"
    if _CONTROL.search(name) or not _is_unicode(name):
        return "has no control characters, and no halves of characters"
    return None


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def metadata_to(metadata: Pairs) -> dict[str, str]:
    """Metadata as the cloud keeps it.

    Its names are identifiers, so a hyphen becomes two underscores. Its values are text that a header can carry
    unchanged; every other value becomes an encoded word, as RFC 2047 has them.

    Raises:
        InvalidRequest: a name that cannot be told apart from others then, or that is no identifier.
    """
    return {_name_to(name): header_value(value) or _EMPTY for name, value in metadata}


def metadata_from(metadata: dict[str, str] | None) -> Pairs:
    """Metadata as the API shows it: what :func:`metadata_to` has made, and whatever others have written."""
    return tuple((name.lower().replace("__", "-"), text_of_header(value)) for name, value in (metadata or {}).items())


def _name_to(name: str) -> str:
    if _METADATA_NAME.fullmatch(name) is None or _AMBIGUOUS.search(name):
        raise InvalidRequest(
            "The name of a metadata entry has letters, digits, hyphens and underscores, does not begin with a digit,"
            " and has no underscore beside a hyphen or another underscore",
            "metadata",
        )
    return name.replace("-", "__")
