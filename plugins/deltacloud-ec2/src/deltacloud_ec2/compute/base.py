"""What the hooks of compute share."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from deltacloud.context import Context
from deltacloud.errors import Forbidden, NotFound, NotSupported
from deltacloud.models import Model
from deltacloud_ec2.base import AwsBase
from deltacloud_ec2.client import Client, Record, each
from deltacloud_ec2.compute.meanings import meant
from deltacloud_ec2.compute.paging import Source, narrowed
from deltacloud_ec2.settings import Ec2Settings

Item = TypeVar("Item", bound=Model)

_TOKEN_LENGTH = 64
"""The most characters of a token against doing a thing twice."""
_NETWORK_SECONDS = 300.0


class ComputeBase(AwsBase):
    """Lists, single records, tokens, and the caller's default network."""

    _settings: Ec2Settings
    _narrows: ClassVar[bool] = True
    """Whether lists may be narrowed by the cloud; where not, all of them is read."""
    _has_tokens: ClassVar[bool] = True
    """Whether the cloud knows tokens against doing a thing twice."""

    def _ec2(self, context: Context) -> Client:
        return self._client(context, "ec2")

    def _narrowed(self, *rows: tuple[str, Iterable[str]]) -> dict[str, Any]:
        """What asks the cloud for less; see :func:`deltacloud_ec2.compute.paging.narrowed`."""
        return narrowed(*((name, tuple(values)) for name, values in rows)) if self._narrows else {}

    def _tagged(self, tags: Iterable[tuple[str, str]]) -> list[tuple[str, tuple[str, ...]]]:
        """The rows that narrow a list to tags."""
        return [(f"tag:{key}", (value,)) for key, value in tags]

    def _source(
        self,
        call: Callable[..., Record],
        member: str,
        mapping: Callable[[Record], Item],
        parameters: Mapping[str, Any] | None = None,
    ) -> Source[Item]:
        """A list whose answers have the records in one member."""
        return Source(call, lambda answer: map(mapping, answer.get(member) or ()), parameters or {})

    def _found(self, client: Client, operation: str, members: tuple[str, str], narrow: str, identifier: str) -> Record:
        """One record out of a list. What is not there is not in it, however its id is written.

        Args:
            client: Whom to ask.
            operation: The list's operation.
            members: Where its records are in an answer, and where a record has its id.
            narrow: The filter that narrows the list to an id.
            identifier: The id.

        Raises:
            NotFound: there is none.
        """
        listed, key = members
        for record in each(client, operation, listed, **self._narrowed((narrow, (identifier,)))):
            if record.get(key) == identifier:
                return record
        raise NotFound

    def _token(self, context: Context) -> dict[str, str]:
        """The parameter against doing a thing twice: the client's own key, or one made up for this call."""
        if not self._has_tokens:
            return {}
        key = context.idempotency_key
        if key is None:
            return {"ClientToken": str(uuid.uuid4())}
        return {"ClientToken": key if len(key) <= _TOKEN_LENGTH else hashlib.sha256(key.encode()).hexdigest()}

    def _default_network(self, context: Context) -> str | None:
        """The id of the caller's default network; None if there is none, or the caller may not see it."""
        return context.private("default network", lambda: (self._find_default_network(context), _NETWORK_SECONDS))

    def _find_default_network(self, context: Context) -> str | None:
        try:
            with meant():
                answer = self._ec2(context).describe_vpcs(**self._narrowed(("isDefault", ("true",))))
        except (Forbidden, NotSupported):
            return None
        return next((vpc["VpcId"] for vpc in answer.get("Vpcs") or () if vpc.get("IsDefault")), None)
