"""The session of ``context.http``: no environment, cookies, redirects or proxies."""

from __future__ import annotations

import gzip
import logging
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from deltacloud.errors import Forbidden, ProviderError
from deltacloud.outbound.http import DOCUMENT_LIMIT
from loopback import Asked, Outside, reply


def test_redirects_are_answers_like_any_other(outside: Outside) -> None:
    other = outside.serve(host="127.0.0.2")
    backend = outside.serve(lambda _: reply(status="307 Temporary Redirect", Location=other.url() + "/stolen"))
    session = outside.context().http(backend.url())
    headers = {"X-Auth-Token": "token"}
    answers = [
        session.get(backend.url(), headers=headers),
        session.post(backend.url(), headers=headers, data=b"body"),
        session.get(backend.url(), headers=headers, allow_redirects=True),
    ]
    assert [answer.status_code for answer in answers] == [307, 307, 307]
    assert not any(answer.history for answer in answers)
    assert other.asked == []


def test_what_is_logged_of_a_request_has_no_query(outside: Outside, caplog: pytest.LogCaptureFixture) -> None:
    backend = outside.serve()
    with caplog.at_level(logging.DEBUG):
        outside.context().http(backend.url()).get(f"{backend.url()}/box/blob?comp=list&sig=c2VjcmV0")
    assert "sig=c2VjcmV0" in backend.asked[0].path
    assert "/box/blob?***" in caplog.text
    assert "c2VjcmV0" not in caplog.text


def test_cookies_are_not_kept(outside: Outside) -> None:
    backend = outside.serve(lambda _: reply(Set_Cookie="session=of-alice; Path=/"))
    session = outside.context().http(backend.url())
    session.get(backend.url())
    session.get(backend.url())
    assert "cookie" not in backend.asked[1].headers
    assert not session.cookies


def test_a_cookie_that_the_driver_sends_itself_is_sent(outside: Outside) -> None:
    backend = outside.serve()
    outside.context().http(backend.url()).get(backend.url(), cookies={"vmware_soap_session": "x"})
    assert backend.asked[0].headers["cookie"] == "vmware_soap_session=x"


def test_the_environments_proxies_are_ignored(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    backend, proxy = outside.serve(), outside.serve(host="127.0.0.2")
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url())
    monkeypatch.delenv("no_proxy", raising=False)
    assert outside.context().http(backend.url()).get(backend.url()).text == "ok"
    assert proxy.connections == 0


def test_netrc_does_not_replace_the_callers_authorisation(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login server password secret-of-the-server\n", encoding="ascii")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    backend = outside.serve()
    session = outside.context().http(backend.url())
    session.get(backend.url(), headers={"Authorization": "Bearer alice"})
    session.get(backend.url())
    assert backend.asked[0].headers["authorization"] == "Bearer alice"
    assert "authorization" not in backend.asked[1].headers


def test_proxies_are_refused(outside: Outside) -> None:
    backend, proxy = outside.serve(), outside.serve(host="127.0.0.2")
    session = outside.context().http(backend.url())
    with pytest.raises(ValueError, match="without proxies"):
        session.get(backend.url(), proxies={"http": proxy.url()})
    session.proxies["http"] = proxy.url()
    with pytest.raises(ValueError, match="without proxies"):
        session.get(backend.url())
    assert proxy.connections == 0


def test_closing_a_session_closes_nobodys_connections(outside: Outside) -> None:
    backend = outside.serve()
    way = outside.way()
    for _ in range(2):
        with outside.context(way).http(backend.url()) as session:
            session.get(backend.url())
    assert [asked.connection for asked in backend.asked] == [1, 1]


def test_a_session_holds_nothing_of_the_caller_and_cannot_be_pickled(outside: Outside) -> None:
    backend = outside.serve()
    session = outside.context().http(backend.url())
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(session)
    assert "alice" not in repr(vars(session))


def test_a_body_of_unknown_length_is_sent_in_chunks(outside: Outside) -> None:
    backend = outside.serve()
    parts: Iterator[bytes] = iter([b"one ", b"two ", b"three"])
    outside.context().http(backend.url()).put(backend.url(), data=parts)
    assert backend.asked[0].headers["transfer-encoding"] == "chunked"
    assert backend.asked[0].body == b"one two three"


def test_a_large_body_goes_both_ways(outside: Outside) -> None:
    backend = outside.serve(lambda asked: reply(asked.body))
    content = bytes(range(256)) * 20_000
    pieces = (content[start : start + 2**20] for start in range(0, len(content), 2**20))
    session = outside.context().http(backend.url())
    answer = session.put(backend.url(), data=pieces, headers={"Content-Length": str(len(content))}, stream=True)
    assert b"".join(answer.iter_content(2**16)) == content
    assert "transfer-encoding" not in backend.asked[0].headers


def test_an_answer_without_length_is_read_to_its_end(outside: Outside) -> None:
    def answer(_asked: Asked) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\nall "
        yield b"of it"
        raise OSError("the server closes the connection")

    backend = outside.serve(answer)
    assert outside.context().http(backend.url()).get(backend.url()).text == "all of it"


def test_the_server_says_who_it_is(outside: Outside) -> None:
    backend = outside.serve()
    outside.context().http(backend.url()).get(backend.url())
    assert backend.asked[0].headers["user-agent"].startswith("deltacloud/")


def test_what_the_driver_prepared_itself_is_guarded_too(outside: Outside) -> None:
    backend = outside.serve()
    session = outside.context(outside.way(allow=["127.0.0.2"])).http("http://127.0.0.2/")
    with pytest.raises(Forbidden):
        session.send(requests.Request("GET", backend.url()).prepare())
    assert backend.connections == 0


def test_a_document_without_end_is_not_read_to_its_end(outside: Outside) -> None:
    packed = gzip.compress(bytes(DOCUMENT_LIMIT + 1), compresslevel=1)
    backend = outside.serve(lambda _: reply(packed, Content_Encoding="gzip"))
    session = outside.context().http(backend.url())
    with pytest.raises(ProviderError, match="longer than 128 MiB"):
        session.get(backend.url())
    assert len(backend.asked) == 1
    with session.get(backend.url(), stream=True) as answer:
        assert sum(len(part) for part in answer.iter_content(1 << 20)) == DOCUMENT_LIMIT + 1


def test_header_values_in_any_script_are_sent_in_utf_8(outside: Outside) -> None:
    backend = outside.serve()
    session = outside.context().http(backend.url())
    session.headers["X-Key"] = "ann:\u20ac"
    session.put(backend.url(), headers={"X-Meta-Place": "\u6771\u4eac"}, data=b"")
    asked = backend.asked[0].headers
    sent = [asked[name].encode("latin-1").decode() for name in ("x-key", "x-meta-place")]
    assert sent == ["ann:\u20ac", "\u6771\u4eac"]


def test_what_is_streamed_is_asked_for_as_it_is(outside: Outside) -> None:
    backend = outside.serve()
    session = outside.context().http(backend.url())
    session.get(backend.url())
    session.get(backend.url(), stream=True).close()
    session.head(backend.url())
    session.get(backend.url(), stream=True, headers={"accept-encoding": "gzip"}).close()
    session.headers["Accept-Encoding"] = "deflate"
    session.get(backend.url(), stream=True).close()
    encodings = [asked.headers["accept-encoding"] for asked in backend.asked]
    assert "gzip" in encodings[0]
    assert encodings[1:] == ["identity", "identity", "gzip", "deflate"]
