"""Rows about who opens what: declarations, settings, local requests, other endpoints' answers, earlier connections."""

from __future__ import annotations

from guardtable.row import (
    BAD,
    CLOUD,
    GOOD,
    LOCAL_REQUEST,
    METADATA,
    NOTHING,
    ONLY_GOOD,
    OTHER_PUBLIC,
    PRIVATE,
    PUBLIC,
    Distrusted,
    Earlier,
    Refusal,
    Row,
    Rules,
    hosted,
    reached,
)

_SPELLING, _CLOSED, _NEVER, _UNKNOWN = Refusal.SPELLING, Refusal.CLOSED, Refusal.NEVER, Refusal.UNKNOWN
_OWN = Rules(own=("http://keystone.internal:5000/v3", f"http://{GOOD}:{{port}}"))
_OTHER_CLOUD = Rules(hosts=("API.other.example",), entry_points=("fourth.example",))
_NAMED_BY_OWN = "http://keystone.internal:5000/v3"
_NAMED_BY_CLOUD = "https://identity.cloud.example/v3"
_OWN_NAMES = (("keystone.internal", ((PRIVATE,),)),)
_CLOUD_NAMES = (("identity.cloud.example", ((PUBLIC,),)),)

DECLARED = (
    hosted("nothing is opened, by name", "api.example", NOTHING, _CLOSED, (GOOD,), asked=False),
    hosted("nothing is opened, by address", GOOD, NOTHING, _CLOSED),
    hosted("nothing is opened, by a public address", PUBLIC, NOTHING, _CLOSED),
    hosted("a host of the cloud's own", "eu.api.cloud.example", CLOUD, reached(PUBLIC), (PUBLIC,)),
    hosted("the host of a provider that the driver names", "eu.third.example", CLOUD, reached(PUBLIC), (PUBLIC,)),
    hosted("a cloud's own host without a pattern", "api.other.example", _OTHER_CLOUD, reached(PUBLIC), (PUBLIC,)),
    hosted("below a cloud's own host without a pattern", "x.api.other.example", _OTHER_CLOUD, _CLOSED, (PUBLIC,),
           asked=False),
    hosted("the host of a provider without a URL", "fourth.example", _OTHER_CLOUD, reached(PUBLIC), (PUBLIC,)),
    hosted("the host of a provider, at a local address", "fourth.example", _OTHER_CLOUD, _CLOSED, (PRIVATE,)),
    *(
        hosted(f"not a host of the cloud's own: {host}", host, CLOUD, _CLOSED, (PUBLIC,), asked=False)
        for host in (
            "cloud.example", "evilcloud.example", "api.cloud.example.evil.example", "third.example",
            "us.third.example", "cloud.example.evil.example",
        )
    ),
    hosted("a public address is no host of the cloud's", PUBLIC, CLOUD, _CLOSED),
)  # fmt: skip

SETTINGS = (
    hosted("the server's own endpoint", GOOD, _OWN, reached(GOOD)),
    hosted("the server's own endpoint at another port", "keystone.internal", _OWN, _CLOSED, (PRIVATE,), asked=False),
    hosted("a host in the server's settings without a port", "vcenter.internal", Rules(own=("vcenter.internal",)),
           reached(GOOD), (GOOD,)),
    hosted("the server's own endpoint by its address", PRIVATE, _OWN, _CLOSED),
    hosted("a host that the operator allows, at a local address", "a.lab.example", Rules(allow=("*.lab.example",)),
           reached(GOOD), (GOOD,)),
    hosted("a host that looks like one that the operator allows", "a.lab.example.evil.example",
           Rules(allow=("*.lab.example",)), _CLOSED, (GOOD,), asked=False),
    hosted("a dot in a pattern is a dot", "axlab.example", Rules(allow=("a.lab.example",)), _CLOSED, (GOOD,),
           asked=False),
    hosted("a network that the operator allows, by a name", "anything.example", Rules(allow=("127.0.0.0/8",)),
           reached(GOOD), (GOOD,)),
    hosted("a network of version 6 that the operator allows", "anything.example", Rules(allow=("2606:4700::/32",)),
           reached("2606:4700::1"), ("2606:4700::1",)),
    hosted("an address that the operator allows in brackets", "[fd12::1]", Rules(allow=("[fd12::1]",)),
           reached("fd12::1")),
    hosted("everything is allowed, and so is a local address of version 6", "[fd12::1]", Rules(allow=("*",)),
           reached("fd12::1")),
    hosted("an address just outside the network that the operator allows", BAD, Rules(allow=("127.0.0.0/31", GOOD)),
           _CLOSED),
    hosted("the operator allows nothing", "api.example", Rules(allow=()), _CLOSED, (PUBLIC,), asked=False),
    hosted("the operator allows nothing, to local requests", GOOD, Rules(allow=(), local=True), _CLOSED),
    hosted("the operator allows something else, to local requests", "api.example",
           Rules(allow=("b.example",), local=True), _CLOSED, (GOOD,), asked=False),
    hosted("a local request to a private address", PRIVATE, LOCAL_REQUEST, reached(PRIVATE)),
    hosted("a local request to a name", "api.example", LOCAL_REQUEST, reached(GOOD), (GOOD,)),
    hosted("a local request to localhost", "localhost", LOCAL_REQUEST, reached("127.0.0.1"), ("127.0.0.1",)),
    hosted("a local request to a public address", PUBLIC, LOCAL_REQUEST, reached(PUBLIC)),
    hosted("a local request to a name that leads to metadata", "api.example", LOCAL_REQUEST, _NEVER, (METADATA,)),
    hosted("a local request to a name that also leads to metadata", "api.example", LOCAL_REQUEST, _NEVER,
           (GOOD, METADATA)),
)  # fmt: skip

NAMED = (
    hosted("a public endpoint names a public host", "swift.example", CLOUD, reached(OTHER_PUBLIC), (OTHER_PUBLIC,),
           named_by=_NAMED_BY_CLOUD, names=_CLOUD_NAMES, looked_up=("swift.example", "identity.cloud.example")),
    hosted("a public endpoint names a public address", OTHER_PUBLIC, CLOUD, reached(OTHER_PUBLIC),
           named_by=_NAMED_BY_CLOUD, names=_CLOUD_NAMES, looked_up=("identity.cloud.example",)),
    hosted("a public endpoint names a local host", "swift.example", CLOUD, _CLOSED, (GOOD,),
           named_by=_NAMED_BY_CLOUD, names=_CLOUD_NAMES, looked_up=("swift.example", "identity.cloud.example")),
    hosted("a public endpoint names a local address", GOOD, CLOUD, _CLOSED,
           named_by=_NAMED_BY_CLOUD, names=_CLOUD_NAMES, looked_up=("identity.cloud.example",)),
    hosted("a public endpoint names a host with a public and a local address", "swift.example", CLOUD, _CLOSED,
           (OTHER_PUBLIC, GOOD), named_by=_NAMED_BY_CLOUD, names=_CLOUD_NAMES,
           looked_up=("swift.example", "identity.cloud.example")),
    hosted("a public endpoint names metadata", METADATA, CLOUD, _NEVER,
           named_by=_NAMED_BY_CLOUD, names=_CLOUD_NAMES),
    hosted("a public endpoint that has just become local names a local host", GOOD, CLOUD, _CLOSED,
           named_by=_NAMED_BY_CLOUD, names=(("identity.cloud.example", ((PRIVATE,),)),),
           looked_up=("identity.cloud.example",)),
    hosted("an endpoint with a public and a local address names a local host", GOOD,
           Rules(allow=("identity.cloud.example",)), _CLOSED, named_by=_NAMED_BY_CLOUD,
           names=(("identity.cloud.example", ((PRIVATE, PUBLIC),)),), looked_up=("identity.cloud.example",)),
    hosted("a local endpoint names a local host", "swift.internal", _OWN, reached(GOOD), (GOOD,),
           named_by=_NAMED_BY_OWN, names=_OWN_NAMES, looked_up=("swift.internal", "keystone.internal")),
    hosted("a local endpoint names an instance's local address", GOOD, Rules(own=_OWN.own[:1]), reached(GOOD),
           named_by=_NAMED_BY_OWN, names=_OWN_NAMES, looked_up=("keystone.internal",)),
    hosted("a local endpoint names a public host", "swift.example", _OWN, reached(PUBLIC), (PUBLIC,),
           named_by=_NAMED_BY_OWN, names=_OWN_NAMES, looked_up=("swift.example", "keystone.internal")),
    hosted("a local endpoint names a host that also leads to metadata", "swift.internal", _OWN, _NEVER,
           (GOOD, METADATA), named_by=_NAMED_BY_OWN, names=_OWN_NAMES,
           looked_up=("swift.internal", "keystone.internal")),
    hosted("a local endpoint names a host that becomes another after the check", "swift.internal", _OWN,
           reached(GOOD), (GOOD,), (BAD,), named_by=_NAMED_BY_OWN, names=_OWN_NAMES,
           looked_up=("swift.internal", "keystone.internal")),
    hosted("an endpoint that the operator allows names a local host", GOOD, Rules(allow=("keystone.lab.example",)),
           reached(GOOD), named_by="http://keystone.lab.example:5000", names=(("keystone.lab.example", ((PRIVATE,),)),),
           looked_up=("keystone.lab.example",)),
    hosted("a local request's endpoint names a local host", GOOD, LOCAL_REQUEST, reached(GOOD),
           named_by=f"http://{BAD}:5000"),
    hosted("an endpoint that is not allowed names a host", GOOD, NOTHING, _CLOSED, named_by="http://evil.example/"),
    hosted("an endpoint that is not allowed names a host by name", "swift.example", NOTHING, _CLOSED, (PUBLIC,),
           asked=False, named_by="http://evil.example/", names=(("evil.example", ((PUBLIC,),)),)),
    hosted("an endpoint that is never reached names a host", GOOD, Rules(allow=("evil.example",)), _NEVER,
           named_by="http://evil.example/", names=(("evil.example", ((METADATA,),)),), looked_up=("evil.example",)),
    hosted("an endpoint that is misspelt names a host", GOOD, _OWN, _SPELLING, named_by="http://a@keystone.internal/"),
    hosted("an endpoint that does not resolve names a host", GOOD, Rules(own=_OWN.own[:1]), _UNKNOWN,
           named_by=_NAMED_BY_OWN, looked_up=("keystone.internal",)),
)  # fmt: skip

KEPT = (
    hosted("a connection that a local request has left", GOOD, NOTHING, _CLOSED, earlier=Earlier(local=True)),
    hosted("a connection that a local request has left, by name", "api.cloud.example", CLOUD, _CLOSED, (GOOD,),
           earlier=Earlier(local=True)),
    hosted("a connection that another endpoint's answer has opened", GOOD, Rules(own=_OWN.own[:1]), _CLOSED,
           earlier=Earlier(named_by=_NAMED_BY_OWN), names=_OWN_NAMES),
    hosted("a connection that a local endpoint's answer has opened, named by a public one", GOOD,
           Rules(own=_OWN.own[:1], hosts=CLOUD.hosts), _CLOSED, named_by=_NAMED_BY_CLOUD,
           earlier=Earlier(named_by=_NAMED_BY_OWN), names=(*_OWN_NAMES, *_CLOUD_NAMES),
           looked_up=("identity.cloud.example",)),
    hosted("an answer that changes between two connections", "api.example", ONLY_GOOD, _CLOSED, (GOOD,), (BAD,),
           earlier=Earlier(), closing=True),
    hosted("a name that is looked up anew for each connection", "api.example", ONLY_GOOD, reached(GOOD), (GOOD,),
           earlier=Earlier(), closing=True),
)  # fmt: skip


def _redirecting(title: str, status: str, location: str, *, certificate: tuple[str, ...] = ()) -> Row:
    scheme = "https" if certificate else "http"
    return Row(title=f"a redirect {title}", url=f"{scheme}://{GOOD}:{{port}}/a?b=c", rules=Rules(allow=("*",)),
               outcome=reached(GOOD), provider=False, redirect=(status, location), certificate=certificate)  # fmt: skip


REDIRECTS = (
    _redirecting("301 to a local address", "301 Moved Permanently", f"http://{BAD}:{{port}}/"),
    _redirecting("302 to a local address", "302 Found", f"http://{BAD}:{{port}}/"),
    _redirecting("303 to a local address", "303 See Other", f"http://{BAD}:{{port}}/"),
    _redirecting("307 to a local address", "307 Temporary Redirect", f"http://{BAD}:{{port}}/"),
    _redirecting("308 to a local address", "308 Permanent Redirect", f"http://{BAD}:{{port}}/"),
    _redirecting("302 to metadata", "302 Found", f"http://{METADATA}/latest/meta-data/"),
    _redirecting("307 to a public host", "307 Temporary Redirect", "http://evil.example/"),
    _redirecting("301 without a scheme", "301 Moved Permanently", f"//{BAD}:{{port}}/"),
    _redirecting("302 from https to http", "302 Found", f"http://{GOOD}:{{port}}/", certificate=(GOOD,)),
    _redirecting("307 from https to another", "307 Temporary Redirect", f"https://{BAD}:{{port}}/",
                 certificate=(GOOD, BAD)),
)  # fmt: skip


def _with_proxy(name: str) -> Row:
    return Row(title=f"a proxy in {name}", url=f"http://{GOOD}:{{port}}/", rules=ONLY_GOOD, outcome=reached(GOOD),
               environment=((name, f"http://{BAD}:{{port}}"), ("NO_PROXY", ""), ("no_proxy", "")))  # fmt: skip


PROXIES = tuple(map(_with_proxy, ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")))


def _secure(
    title: str,
    host: str,
    rules: Rules,
    outcome: Refusal | Distrusted | None,
    *answers: tuple[str, ...],
    certificate: tuple[str, ...],
    asked: bool = True,
) -> Row:
    return Row(
        title=f"https: {title}",
        url=f"https://{host}:{{port}}/",
        rules=rules,
        outcome=reached(GOOD) if outcome is None else outcome,
        names=((host, answers),) if answers else (),
        looked_up=(host,) if answers and asked else (),
        certificate=certificate,
    )


SECURE = (
    _secure("a name and its certificate", "api.example", ONLY_GOOD, None, (GOOD,), certificate=("api.example",)),
    _secure("an address and its certificate", GOOD, ONLY_GOOD, None, certificate=(GOOD,)),
    _secure("a certificate for another name", "api.example", ONLY_GOOD, Distrusted(GOOD), (GOOD,),
            certificate=("other.example",)),
    _secure("a certificate for the address and not the name", "api.example", ONLY_GOOD, Distrusted(GOOD), (GOOD,),
            certificate=(GOOD,)),
    _secure("a certificate for the name and not the address", GOOD, ONLY_GOOD, Distrusted(GOOD),
            certificate=("api.example",)),
    _secure("an answer that changes", "api.example", ONLY_GOOD, None, (GOOD,), (BAD,), certificate=("api.example",)),
    _secure("a mixed answer", "api.example", ONLY_GOOD, _CLOSED, (GOOD, BAD), certificate=("api.example",)),
    _secure("a good certificate in a forbidden place", "api.example", ONLY_GOOD, _CLOSED, (BAD,),
            certificate=("api.example",)),
    _secure("a host that is not allowed", "api.example", NOTHING, _CLOSED, (GOOD,), certificate=("api.example",),
            asked=False),
    _secure("a name that leads to metadata", "api.example", LOCAL_REQUEST, _NEVER, (METADATA,),
            certificate=("api.example",)),
    _secure("metadata", METADATA, LOCAL_REQUEST, _NEVER, certificate=(METADATA,)),
)  # fmt: skip

ROWS: tuple[Row, ...] = (*DECLARED, *SETTINGS, *NAMED, *KEPT, *REDIRECTS, *PROXIES, *SECURE)
