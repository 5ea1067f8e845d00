"""The guard's table: what may be named as the place of a cloud, how it may be spelled, and what must come of it.

Each :class:`Row` is one spelling under one set of rules, with its outcome: refused with which error, or connected to
exactly which address. :func:`verify` plays a row with real servers on loopback, and a witness hears from the
interpreter itself where the process connects and what it looks up, so nothing that an SDK does goes unseen. Connections
that would leave the machine are noted and stopped.

The table knows nothing about how a request is made. A driver's test brings that, as an *attempt*: one request to
``target.url`` on behalf of a :class:`~deltacloud.context.Context`::

    @pytest.mark.parametrize("row", guardtable.ROWS, ids=str)
    def test_the_sdk_reaches_nothing_that_the_guard_refuses(row: Row) -> None:
        guardtable.verify(row, attempt, answer)

An attempt raises what a hook would raise; what it returns does not matter. It makes its client anew, or finds it by
what ``context.shared`` finds things by, and so proves that too: rows with :attr:`Row.earlier` make two attempts on one
way out. ``answer`` is what the good server says, in case the SDK must be able to read it.

For ``requests``, which azure-core and keystoneauth1 take as well (``RequestsTransport(session=...)``,
``Session(session=...)``)::

    def attempt(context, target):
        context.http(target.url, target.named_by).get(target.url)

For botocore, whose public event ``before-send`` lets another session send. That session wraps whatever is raised below
it, and what the handler raises passes unchanged; so the handler unwraps it::

    def attempt(context, target):
        sending = URLLib3Session(proxies={}, verify=...)
        sending._manager.pool_classes_by_scheme = context.sdk.pools(
            target.url, target.named_by, http=AWSHTTPConnectionPool, https=AWSHTTPSConnectionPool
        )

        def send(request, **_):
            try:
                return sending.send(request)
            except HTTPClientError as wrapped:
                raise wrapped.kwargs.get("error", wrapped) from None

        client = botocore.session.Session().create_client("s3", endpoint_url=endpoints.parse(target.url).url, ...)
        client.meta.events.register("before-send", send)
        client.list_buckets()

(The rows whose :attr:`Row.provider` is False are no endpoints; a driver meets them in answers alone, and may leave them
out.) An SDK on http.client takes the classes of ``context.sdk.http_client``, one with sockets of its own
``context.sdk.connect(target.host, target.port, target.named_by)``, for the rows of :data:`HOSTS`.

For clients that read URLs themselves (a region's host that they compose, an endpoint that they take from an answer),
:func:`contain` gives them the way to another endpoint and the row's URL, and asks only that nothing is reached that the
rules do not open.
"""

from guardtable import places, spellings, terms
from guardtable.row import BAD, GOOD, METADATA, Distrusted, Earlier, Reached, Refusal, Row, Rules
from guardtable.stage import Attempt, Stage, Target, contain, verify

ROWS: tuple[Row, ...] = (*spellings.ROWS, *places.ROWS, *terms.ROWS)
"""The table."""
HOSTS: tuple[Row, ...] = tuple(row for row in ROWS if row.host is not None)
"""The rows that are about a host, for what is handed hosts rather than URLs."""

__all__ = [
    "BAD",
    "GOOD",
    "HOSTS",
    "METADATA",
    "ROWS",
    "Attempt",
    "Distrusted",
    "Earlier",
    "Reached",
    "Refusal",
    "Row",
    "Rules",
    "Stage",
    "Target",
    "contain",
    "verify",
]
