"""Hooks of keys."""

from __future__ import annotations

from collections.abc import Iterator

from deltacloud.context import Context
from deltacloud.inputs import NewKey
from deltacloud.models import Key
from deltacloud_ec2.compute.base import ComputeBase
from deltacloud_ec2.mapping.keys import key_from


class KeyHooks(ComputeBase):
    """Key pairs, by their names."""

    def list_keys(self, context: Context) -> Iterator[Key]:
        """All of them; this list has no pages."""
        yield from map(key_from, self._ec2(context).describe_key_pairs().get("KeyPairs") or ())

    def get_key(self, context: Context, key_id: str) -> Key:
        """One."""
        client = self._ec2(context)
        return key_from(self._found(client, "describe_key_pairs", ("KeyPairs", "KeyName"), "key-name", key_id))

    def create_key(self, context: Context, new: NewKey) -> Key:
        """Generate a pair, or import a public part."""
        client = self._ec2(context)
        if new.public_key:
            return key_from(client.import_key_pair(KeyName=new.name, PublicKeyMaterial=new.public_key.encode()))
        return key_from(client.create_key_pair(KeyName=new.name))

    def destroy_key(self, context: Context, key_id: str) -> None:
        """Delete a pair; Amazon would say nothing of one that is not there."""
        self.get_key(context, key_id)
        self._ec2(context).delete_key_pair(KeyName=key_id)
