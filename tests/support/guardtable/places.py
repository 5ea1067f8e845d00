"""Rows about addresses: those that nothing opens, what is wrapped into others, and what names resolve to."""

from __future__ import annotations

from guardtable.row import (
    BAD,
    CLOUD,
    EVERYTHING,
    GOOD,
    METADATA,
    ONLY_GOOD,
    OTHER_PUBLIC,
    PRIVATE,
    PUBLIC,
    QUIET,
    Refusal,
    Row,
    Rules,
    hosted,
    reached,
)

_CLOSED, _NEVER, _UNKNOWN = Refusal.CLOSED, Refusal.NEVER, Refusal.UNKNOWN
_METADATA = (
    ("most clouds", METADATA),
    ("containers of Amazon", "169.254.170.2"),
    ("Amazon, version 6", "[fd00:ec2::254]"),
    ("Google, version 6", "[fd20:ce::254]"),
    ("Oracle", "192.0.0.192"),
    ("Oracle, version 6", "[fd00:c1::a9fe:a9fe]"),
    ("Alibaba", "100.100.100.200"),
    ("Alibaba, version 6", "[fd00:100::100:200]"),
    ("Azure's wire server", "168.63.129.16"),
    ("Scaleway, version 6", "[fd00:42::42]"),
    ("OpenStack, version 6", "[fd00:a9fe:a9fe::1]"),
)
_NOWHERE = (
    ("unspecified", "0.0.0.0"),  # noqa: S104 - an address to refuse
    ("this network", "0.1.2.3"),
    ("multicast", "224.0.0.1"),
    ("reserved", "240.0.0.1"),
    ("broadcast", "255.255.255.255"),
    ("unspecified, version 6", "[::]"),
    ("link-local, version 6", "[fe80::1]"),
    ("multicast, version 6", "[ff02::1]"),
    ("documentation, version 6", "[2001:db8::1]"),
    ("documentation since 2024", "[3fff::1]"),
    ("discard-only", "[100::1]"),
    ("not assigned, version 6", "[4000::1]"),
    ("protocol assignments", "[2001:1::1]"),
)
_WRAPPED = (
    ("metadata, mapped", "[::ffff:169.254.169.254]"),
    ("metadata, mapped and hexadecimal", "[::ffff:a9fe:a9fe]"),
    ("metadata, compatible", "[::169.254.169.254]"),
    ("metadata, translated", "[::ffff:0:a9fe:a9fe]"),
    ("metadata behind NAT64", "[64:ff9b::a9fe:a9fe]"),
    ("metadata behind a local NAT64", "[64:ff9b:1::a9fe:a9fe]"),
    ("metadata in 6to4", "[2002:a9fe:a9fe::]"),
    ("metadata in Teredo", "[2001:0:a9fe:a9fe:0:ffff:5601:5601]"),
    ("metadata in ISATAP", "[2606:4700::5efe:a9fe:a9fe]"),
    ("metadata in ISATAP with its other mark", "[2606:4700::200:5efe:169.254.169.254]"),
    ("metadata in a private ISATAP", "[fd00::5efe:169.254.169.254]"),
    ("loopback, mapped", "[::ffff:127.0.0.2]"),
    ("loopback, compatible", "[::127.0.0.2]"),
    ("loopback behind NAT64", "[64:ff9b::7f00:2]"),
    ("a public address, mapped", "[::ffff:8.8.8.8]"),
    ("a public address in 6to4", "[2002:808:808::1]"),
)
_NAT64 = "2606:db8:122::/48"
_WITH_NAT64 = Rules(hosts=CLOUD.hosts, nat64=("64:ff9b::/96", _NAT64))
_ALL_WITH_NAT64 = Rules(allow=EVERYTHING.allow, hosts=("*",), nat64=("64:ff9b::/96", _NAT64))
_BESIDE = Rules(allow=("169.253.255.255", "100.100.100.201", "168.63.129.17", "fd00:ec3::254"))

NEVER = (
    *(hosted(f"metadata: {whose}", host, EVERYTHING, _NEVER) for whose, host in _METADATA),
    *(hosted(f"nowhere: {what}", host, EVERYTHING, _NEVER) for what, host in _NOWHERE),
    *(hosted(f"wrapped: {what}", host, EVERYTHING, _NEVER) for what, host in _WRAPPED),
    *(
        hosted(f"a name that leads to {address}", "api.cloud.example", EVERYTHING, _NEVER, (address,))
        for address in (
            METADATA, "fd00:ec2::254", "168.63.129.16", "::ffff:127.0.0.2", "fe80::1%eth0", "64:ff9b::a9fe:a9fe",
            "2606:4700::5efe:a9fe:a9fe", "::",
        )
    ),
    hosted("metadata by its name", "metadata.google.internal", EVERYTHING, _NEVER, (METADATA,)),
    hosted("metadata, asked for locally", METADATA, Rules(local=True), _NEVER),
    hosted("metadata in the server's own settings", METADATA, Rules(own=(f"http://{METADATA}:{{port}}",)), _NEVER),
    hosted("metadata that the operator names", METADATA, Rules(allow=(METADATA,)), _NEVER),
    *(
        hosted(f"beside what is never reached: {host}", host, _BESIDE, reached(host.strip("[]")))
        for host in ("169.253.255.255", "100.100.100.201", "168.63.129.17", "[fd00:ec3::254]")
    ),
)  # fmt: skip

LOCAL = (
    *(
        hosted(f"a cloud's host at the local {address}", "api.cloud.example", CLOUD, _CLOSED, (address,))
        for address in (
            "127.0.0.2", "10.0.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "192.0.0.1", "192.0.2.1",
            "198.51.100.1", "203.0.113.1", "198.18.0.1", "::1", "fd12::1", "fec0::1", "2606:4700::5efe:10.0.0.1",
        )
    ),
    *(
        hosted(f"a cloud's host at the public {address}", "api.cloud.example", CLOUD, reached(address), (address,))
        for address in (PUBLIC, "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2606:4700::5efe:808:808")
    ),
)  # fmt: skip

NAT64 = (
    hosted("NAT64 that nobody has named", "api.cloud.example", CLOUD, _NEVER, ("64:ff9b::808:808",)),
    hosted("a public address behind the operator's NAT64", "api.cloud.example", _WITH_NAT64,
           reached("64:ff9b::808:808"), ("64:ff9b::808:808",)),
    hosted("a private address behind the operator's NAT64", "api.cloud.example", _WITH_NAT64, _CLOSED,
           ("64:ff9b::10.0.0.1",)),
    hosted("metadata behind the operator's NAT64", "api.cloud.example", _ALL_WITH_NAT64, _NEVER,
           ("64:ff9b::a9fe:a9fe",)),
    hosted("a public address behind the operator's own prefix", "api.cloud.example", _WITH_NAT64,
           reached("2606:db8:122:808:8:800::"), ("2606:db8:122:808:8:800::",)),
    hosted("a private address behind the operator's own prefix", "api.cloud.example", _WITH_NAT64, _CLOSED,
           ("2606:db8:122:a00:0:100::",)),
    hosted("metadata behind the operator's own prefix", "[2606:db8:122:a9fe:a9:fe00::]", _ALL_WITH_NAT64, _NEVER),
    hosted("Azure's wire server behind the operator's own prefix", "[2606:db8:122:a83f:81:1000::]", _ALL_WITH_NAT64,
           _NEVER),
    hosted("the same bits behind no prefix of anybody's", "[2606:db8:123:a9fe:a9:fe00::]", _ALL_WITH_NAT64,
           reached("2606:db8:123:a9fe:a9:fe00::")),
)  # fmt: skip

RESOLVED = (
    hosted("a name with one good address", "api.example", ONLY_GOOD, reached(GOOD), (GOOD,)),
    hosted("a name with a forbidden address alone", "api.example", ONLY_GOOD, _CLOSED, (BAD,)),
    hosted("a mixed answer", "api.example", ONLY_GOOD, _CLOSED, (GOOD, BAD)),
    hosted("a mixed answer in the other order", "api.example", ONLY_GOOD, _CLOSED, (BAD, GOOD)),
    hosted("a good address beside metadata", "api.example", EVERYTHING, _NEVER, (GOOD, METADATA)),
    hosted("a cloud's host with a public and a private address", "api.cloud.example", CLOUD, _CLOSED,
           (PUBLIC, PRIVATE)),
    hosted("a forbidden address behind more than are tried", "api.example", ONLY_GOOD, _CLOSED,
           (GOOD, GOOD, GOOD, GOOD, BAD)),
    hosted("an answer that changes between check and connection", "api.example", ONLY_GOOD, reached(GOOD),
           (GOOD,), (BAD,)),
    hosted("an answer that turns good after the check", "api.example", ONLY_GOOD, _CLOSED, (BAD,), (GOOD,)),
    hosted("an address that does not answer before one that does", "api.example", Rules(allow=("127.0.0.0/8",)),
           reached(QUIET, GOOD), (QUIET, GOOD)),
    hosted("many addresses, of which the first answers", "api.example", Rules(allow=("127.0.0.0/8",)), reached(GOOD),
           (GOOD, BAD, QUIET, "127.0.0.5", "127.0.0.6", "127.0.0.7")),
    hosted("another's name for an address that is opened", "alias.example", Rules(allow=("api.example",)), _CLOSED,
           names=(("api.example", ((GOOD,),)),)),
    hosted("a name that is an alias of a forbidden one", "api.example", ONLY_GOOD, _CLOSED, (BAD,),
           names=(("metadata.example", ((BAD,),)),)),
    hosted("a name with version 6 first", "api.cloud.example", CLOUD, reached("2606:4700::1111"),
           ("2606:4700::1111", PUBLIC)),
    hosted("a name that does not resolve", "missing.example", Rules(allow=("*.example",)), _UNKNOWN,
           looked_up=("missing.example",)),
    hosted("a name without addresses", "empty.example", Rules(allow=("*.example",)), _UNKNOWN, ()),
    hosted("localhost", "localhost", ONLY_GOOD, _CLOSED, ("127.0.0.1", "::1")),
    hosted("an address alone", GOOD, ONLY_GOOD, reached(GOOD)),
    hosted("the address beside it", BAD, ONLY_GOOD, _CLOSED),
    hosted("a public address that nobody opened", OTHER_PUBLIC, ONLY_GOOD, _CLOSED),
)  # fmt: skip

ROWS: tuple[Row, ...] = (*NEVER, *LOCAL, *NAT64, *RESOLVED)
