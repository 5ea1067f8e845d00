"""A policy: nothing can be changed through this server."""

from collections.abc import Generator

from deltacloud.errors import Forbidden
from deltacloud.kernel import DriverCall, reads


class ReadOnly:
    """Refuses every call that may change something; it has no settings."""

    def perform_call(self, call: DriverCall) -> Generator[None, object, object]:
        """What is raised before the ``yield`` is the answer, and the call is not made."""
        if not reads(call.hook):
            raise Forbidden("Nothing can be changed through this server")
        return (yield)
