"""Rows about how a URL is written. What the grammar refuses is refused before anything is looked up."""

from __future__ import annotations

from dataclasses import replace

from guardtable.row import (
    BAD,
    EVERYTHING,
    GOOD,
    ONLY_GOOD,
    OTHER_PUBLIC,
    PRIVATE,
    Outcome,
    Refusal,
    Row,
    Rules,
    hosted,
    reached,
)

_SPELLING, _CLOSED, _NEVER, _UNKNOWN = Refusal.SPELLING, Refusal.CLOSED, Refusal.NEVER, Refusal.UNKNOWN
_LOOPBACK = Rules(allow=("127.0.0.1/32",))


def _refused(title: str, url: str) -> Row:
    """A URL that nothing but its spelling keeps from being followed."""
    return Row(title=title, url=url, rules=EVERYTHING, outcome=_SPELLING, provider=False)


def _written(title: str, url: str, outcome: Outcome, rules: Rules = ONLY_GOOD, *, provider: bool = True) -> Row:
    return Row(title=title, url=url, rules=rules, outcome=outcome, provider=provider)


def _odd_host(title: str, host: str) -> Row:
    return replace(hosted(title, host, EVERYTHING, _SPELLING), provider=False)


SCHEMES = (
    _refused("a file", "file:///etc/passwd"),
    _refused("a file of a host", f"file://{GOOD}/etc/passwd"),
    _refused("gopher", f"gopher://{GOOD}:{{port}}/_GET"),
    _refused("ftp", f"ftp://{GOOD}:{{port}}/"),
    _refused("a socket in the file system", "http+unix://%2Fvar%2Frun%2Fdocker.sock/info"),
    _refused("a scheme with a letter that lower case makes ASCII", f"HTTP\u017f://{GOOD}:{{port}}/"),
    _refused("no scheme", f"{GOOD}:{{port}}/"),
    _refused("no scheme but slashes", f"//{GOOD}:{{port}}/"),
    _refused("no slashes", f"http:{GOOD}:{{port}}/"),
    _refused("one slash", f"http:/{GOOD}:{{port}}/"),
    _refused("three slashes", f"http:///{GOOD}:{{port}}/"),
    _refused("no host", "http://"),
    _refused("only a port", "http://:{port}/"),
    _refused("nothing", ""),
    _written("a scheme in upper case", f"HTTP://{GOOD}:{{port}}/", reached(GOOD)),
)

USERS_AND_TRICKS = (
    _refused("a user", f"http://user@{GOOD}:{{port}}/"),
    _refused("a user with a password", f"http://user:password@{GOOD}:{{port}}/"),
    _refused("an empty user", f"http://@{GOOD}:{{port}}/"),
    _refused("a good host as the user of another", f"http://{GOOD}:{{port}}@{BAD}:{{port}}/"),
    _refused("two at signs", f"http://a@{GOOD}:{{port}}@{BAD}:{{port}}/"),
    _refused("a percent-encoded at sign", f"http://{GOOD}%40{BAD}:{{port}}/"),
    _refused("a backslash before an at sign", f"http://{BAD}:{{port}}\\@{GOOD}:{{port}}/"),
    _refused("a backslash as a slash", f"http://{GOOD}:{{port}}\\.{BAD}/"),
    _refused("backslashes for slashes", f"http:\\\\{GOOD}:{{port}}\\"),
    _refused("a semicolon after the host", f"http://{GOOD};@{BAD}:{{port}}/"),
    _refused("a comma between two hosts", f"http://{GOOD},{BAD}:{{port}}/"),
    _refused("two URLs in one", f"http://{GOOD}:{{port}}, http://{BAD}:{{port}}/"),
    _written("a fragment that looks like a host", f"http://{GOOD}:{{port}}#@{BAD}:{{port}}/", reached(GOOD),
             provider=False),
    _written("a query that looks like a host", f"http://{GOOD}:{{port}}?@{BAD}:{{port}}/", reached(GOOD),
             provider=False),
    _written("a good host in another's fragment", f"http://{BAD}:{{port}}#@{GOOD}:{{port}}/", _CLOSED, provider=False),
    _written("a good host in another's query", f"http://{BAD}:{{port}}?@{GOOD}:{{port}}/", _CLOSED, provider=False),
    _written("an at sign in the path", f"http://{BAD}:{{port}}/@{GOOD}:{{port}}/", _CLOSED, provider=False),
    _written("a path that climbs", f"http://{GOOD}:{{port}}/a/../../b", reached(GOOD), provider=False),
    _written("a percent sign in the path", f"http://{GOOD}:{{port}}/a%2Fb", reached(GOOD), provider=False),
)  # fmt: skip

CHARACTERS = (
    _odd_host("a tab in the host", "127.0.0\t.2"),
    _odd_host("a line feed in the host", "127.0.0.2\n"),
    _odd_host("a header after the host", "127.0.0.2\r\nX-Injected: yes\r\n"),
    _odd_host("a zero byte after the host", "127.0.0.2\x00.cloud.example"),
    _odd_host("a space after the host", "127.0.0.2 "),
    _odd_host("a space inside the host", "127.0.0.2 .cloud.example"),
    _refused("a tab in the scheme", f"ht\ttp://{GOOD}:{{port}}/"),
    _refused("a space before the URL", f" http://{GOOD}:{{port}}/"),
    _refused("a line feed before the URL", f"\nhttp://{GOOD}:{{port}}/"),
    _odd_host("a percent-encoded dot", "127%2e0.0.2"),
    _odd_host("a percent-encoded digit", "%3127.0.0.2"),
    _odd_host("full-width digits", "\uff11\uff12\uff17.0.0.2"),
    _odd_host("ideographic dots", "127\u30020\u30020\u30022"),
    _odd_host("half-width ideographic dots", "127\uff610\uff610\uff612"),
    _odd_host("digits in circles", "\u2460\u2461\u2466.0.0.2"),
    _odd_host("Arabic digits", "\u0661\u0662\u0667.0.0.2"),
    _odd_host("a soft hyphen", "127.0.0\u00ad.2"),
    _odd_host("a joiner of no width", "127.0.0\u200d.2"),
    _odd_host("a Kelvin sign", "\u212a.cloud.example"),
    _odd_host("a sharp s", "stra\u00dfe.example"),
    _odd_host("an international name", "b\u00fccher.example"),
    hosted("the same international name in ASCII", "xn--bcher-kva.example", ONLY_GOOD, reached(GOOD), (GOOD,)),
    _odd_host("an underscore", "a_b.example"),
    _odd_host("an asterisk", "*.example"),
    _odd_host("a variable", "$HOSTNAME"),
)

NAMES = (
    hosted("upper case", "Keystone.CLOUD.Example", ONLY_GOOD, reached(GOOD), (GOOD,)),
    _odd_host("a dot at the end", "cloud.example."),
    _odd_host("dots at the end", "cloud.example.."),
    _odd_host("an address with a dot at its end", "127.0.0.2."),
    _odd_host("an empty label", "cloud..example"),
    _odd_host("a dot at the beginning", ".cloud.example"),
    _odd_host("only a dot", "."),
    _odd_host("a hyphen at the beginning", "-cloud.example"),
    _odd_host("a hyphen at the end of a label", "cloud-.example"),
    _odd_host("a label of 64 letters", "a" * 64 + ".example"),
    hosted("a label of 63 letters", "a" * 63 + ".example", ONLY_GOOD, reached(GOOD), (GOOD,)),
    _odd_host("a name of 254 letters", ".".join(["a" * 49] * 5) + ".abcd"),
)

PORTS = (
    _written("no port", f"http://{GOOD}/", reached(GOOD, port=80)),
    _written("the scheme's own port", f"http://{GOOD}:80/", reached(GOOD, port=80)),
    _written("the last port", f"http://{GOOD}:65535/", reached(GOOD, port=65535)),
    _written("the port of TLS", f"https://{GOOD}/", reached(GOOD, port=443)),
    _refused("an empty port", f"http://{GOOD}:/"),
    _refused("port zero", f"http://{GOOD}:0/"),
    _refused("port 65536", f"http://{GOOD}:65536/"),
    _refused("a port that overflows to another", f"http://{GOOD}:4294967376/"),
    _refused("a port with a zero before it", f"http://{GOOD}:0{{port}}/"),
    _refused("a hexadecimal port", f"http://{GOOD}:0x50/"),
    _refused("a port with a sign", f"http://{GOOD}:+80/"),
    _refused("a negative port", f"http://{GOOD}:-80/"),
    _refused("a port with a space", f"http://{GOOD}: 80/"),
    _refused("a port by its service's name", f"http://{GOOD}:http/"),
    _refused("a port in Arabic digits", f"http://{GOOD}:\u0668\u0660/"),
    _refused("two ports", f"http://{GOOD}:{{port}}:80/"),
)

BRACKETS = (
    hosted("version 6 in brackets", "[::1]", Rules(allow=("::1/128",)), reached("::1")),
    hosted("version 6 written in full", "[0:0:0:0:0:0:0:1]", Rules(allow=("::1/128",)), reached("::1")),
    hosted("version 6 in upper case", "[2606:4700::ABCD]", EVERYTHING, reached("2606:4700::abcd")),
    _refused("version 6 without brackets", "http://::1:{port}/"),
    _odd_host("no closing bracket", "[::1"),
    _odd_host("no opening bracket", "::1]"),
    _odd_host("two pairs of brackets", "[[::1]]"),
    _odd_host("something behind the brackets", "[::1].cloud.example"),
    _odd_host("something before the brackets", "a[::1]"),
    _odd_host("empty brackets", "[]"),
    _odd_host("version 4 in brackets", "[127.0.0.2]"),
    _odd_host("a name in brackets", "[cloud.example]"),
    _odd_host("a version of the future", "[v1.fe80::1]"),
    _odd_host("two gaps", "[1::2::3]"),
    _odd_host("a zone", "[fe80::1%eth0]"),
    _odd_host("an encoded zone", "[fe80::1%25eth0]"),
    _odd_host("a zone on loopback", "[::1%lo]"),
    _odd_host("version 4 with a leading zero inside version 6", "[::ffff:127.0.0.02]"),
)

NUMBERS = (
    *(
        hosted(f"loopback as {host}, opened", host, _LOOPBACK, reached("127.0.0.1"), looked_up=(host.lower(),))
        for host in (
            "127.1", "127.0.1", "2130706433", "0x7F000001", "017700000001", "0x7f.1", "0177.0.0.1", "0x7f.0.0.0x1",
            "127.0.0.01", "127.000.000.001",
        )
    ),
    *(
        hosted(f"loopback as {host}, not opened", host, ONLY_GOOD, _CLOSED, looked_up=(host.lower(),))
        for host in ("127.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.01")
    ),
    *(
        hosted(f"metadata as {host}", host, EVERYTHING, _NEVER, looked_up=(host.lower(),))
        for host in ("2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "169.254.43518", "0xa9.0376.169.0xfe")
    ),
    hosted("a leading zero that makes it octal", "0127.0.0.1", Rules(allow=("87.0.0.1",)), reached("87.0.0.1"),
           looked_up=("0127.0.0.1",)),
    hosted("a leading zero that does not make it loopback", "0127.0.0.1", _LOOPBACK, _CLOSED,
           looked_up=("0127.0.0.1",)),
    hosted("three numbers", "1.2.3", Rules(allow=("1.2.0.3",)), reached("1.2.0.3"), looked_up=("1.2.3",)),
    hosted("three numbers that skip a byte", "10.1", Rules(allow=(PRIVATE,)), reached(PRIVATE), looked_up=("10.1",)),
    hosted("zero", "0", EVERYTHING, _NEVER, looked_up=("0",)),
    hosted("the last number", "4294967295", EVERYTHING, _NEVER, looked_up=("4294967295",)),
    hosted("a number that overflows", "4294967296", EVERYTHING, _UNKNOWN, looked_up=("4294967296",)),
    hosted("a byte that overflows", "383.0.0.1", EVERYTHING, _UNKNOWN, looked_up=("383.0.0.1",)),
    hosted("five numbers", "127.0.0.1.5", EVERYTHING, _UNKNOWN, looked_up=("127.0.0.1.5",)),
    hosted("an octal number with a nine", "0199.0.0.1", EVERYTHING, _UNKNOWN, looked_up=("0199.0.0.1",)),
    hosted("a name that begins like an address", "127.0.0.1.cloud.example", ONLY_GOOD, reached(GOOD), (GOOD,)),
    hosted("a name of digits that leads elsewhere", "127.0.0.1.cloud.example", ONLY_GOOD, _CLOSED, (OTHER_PUBLIC,)),
)  # fmt: skip

ROWS = (*SCHEMES, *USERS_AND_TRICKS, *CHARACTERS, *NAMES, *PORTS, *BRACKETS, *NUMBERS)
