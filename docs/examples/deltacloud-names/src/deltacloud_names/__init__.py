"""A front end that tells which drivers are installed, one name a line."""

from collections.abc import Iterable

from deltacloud.kernel import Application, GatewaySettings, Kernel
from deltacloud.kernel.extensions import StartResponse


class Names:
    """The entry point: called without arguments, in each worker process."""

    name = "names"
    mount = "/names"

    def create(self, kernel: Kernel, _settings: GatewaySettings) -> Application:
        """The WSGI application; everything that the server does for all front ends is around it already."""

        def application(_environ: dict[str, object], start_response: StartResponse) -> Iterable[bytes]:
            body = "".join(f"{name}\n" for name in kernel.known_drivers()).encode()
            start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
            return [body]

        return application
