"""Contents over TLS pass straight through: to storages that say when to go on, and to those that refuse."""

from __future__ import annotations

import base64
import hashlib
import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import requests
import trustme

from awscloud.accounts import Keys
from awscloud.calls import Hooks
from deltacloud.errors import ClientDisconnected, Forbidden, ProviderError
from deltacloud.testing.endpoints import listening
from deltacloud.testing.uploading import Upload
from gateway import Deltacloudd

MIB = 1024 * 1024
KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "x")
Serving = Callable[["Storage"], AbstractContextManager[Hooks]]
NO = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"


class Storage:
    """An S3 with one bucket that keeps what was written.

    Args:
        goes_on: What it says to a request that asks before it sends its content: 100, 403, or nothing at all.
    """

    def __init__(self, goes_on: int | None = 100) -> None:
        self.goes_on = goes_on
        self.kept: dict[str, bytes] = {}
        self.parts: dict[int, bytes] = {}
        self.payloads: list[str] = []
        self.asked: list[str] = []
        self.bodies = 0

    def __call__(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while line := file.readline():
                method, target, _ = line.decode("latin-1").split(" ", 2)
                headers = http.client.parse_headers(file)
                self.asked.append(method)
                answer = self._serve(connection, file, method, target, headers)
                head = f'HTTP/1.1 {answer[0]}\r\nContent-Length: {len(answer[1])}\r\nETag: "1"\r\n\r\n'
                connection.sendall(head.encode() + (b"" if method == "HEAD" else answer[1]))
                if answer[0].startswith("403"):
                    return

    def _serve(
        self, connection: socket.socket, file: object, method: str, target: str, headers: http.client.HTTPMessage
    ) -> tuple[str, bytes]:
        if headers.get("Expect"):
            if self.goes_on == 403:
                return "403 Forbidden", NO
            if self.goes_on == 100:
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body: bytes = file.read(int(headers.get("Content-Length", "0")))  # type: ignore[attr-defined]
        self.bodies += len(body)
        self.payloads.append(headers.get("x-amz-content-sha256", ""))
        path, _, query = target.partition("?")
        if method == "PUT" and "partNumber=" in query:
            self.parts[int(query.partition("partNumber=")[2])] = body
        elif method == "PUT":
            self.kept[path] = body
        elif "uploads" in query:
            return "200 OK", b"<R><UploadId>u</UploadId></R>"
        elif method == "POST":
            self.kept[path] = b"".join(part for _, part in sorted(self.parts.items()))
            return "200 OK", b"<CompleteMultipartUploadResult><ETag>1</ETag></CompleteMultipartUploadResult>"
        return "200 OK", b"" if method == "PUT" else self.kept.get(path, b"")


@pytest.fixture(scope="module", name="authority")
def authority_fixture() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(name="serving")
def serving_fixture(authority: trustme.CA, tmp_path: Path) -> Serving:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    @contextmanager
    def serve(storage: Storage) -> Iterator[Hooks]:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(tls)
        with listening(storage, tls) as url:
            hooks = Hooks("ec2", f"s3={url}", KEYS, settings={"ca-file": str(tmp_path / "ca.pem")}, seconds=30)
            yield hooks
            hooks.close()

    return serve


def _content(size: int) -> bytes:
    return (hashlib.sha256(str(size).encode()).digest() * (size // 32 + 1))[:size]


def _upload(content: bytes, length: int | None) -> Upload:
    return Upload((content[start : start + MIB] for start in range(0, len(content), MIB)), length=length)


@pytest.mark.parametrize("size", [0, 3 * MIB, 16 * MIB])
def test_a_content_passes_through_unsigned_for_tls_guards_it(serving: Serving, size: int) -> None:
    storage, content = Storage(), _content(size)
    with serving(storage) as hooks:
        hooks.call("write_blob", bucket_id="bucket", blob_id="blob", upload=_upload(content, size))
        read = hooks.call("read_blob", bucket_id="bucket", blob_id="blob", byte_range=None)
        assert b"".join(read.chunks) == content
    assert storage.kept["/bucket/blob"] == content
    assert storage.payloads[0] == "UNSIGNED-PAYLOAD"


@pytest.mark.parametrize("length", [22 * MIB, None])
def test_a_large_content_goes_in_parts(serving: Serving, length: int | None) -> None:
    storage, content = Storage(), _content(22 * MIB)
    with serving(storage) as hooks:
        hooks.call("write_blob", bucket_id="bucket", blob_id="blob", upload=_upload(content, length))
    assert storage.kept["/bucket/blob"] == content
    assert sorted(storage.parts) == [1, 2, 3, 4, 5]


def test_a_storage_that_refuses_before_the_content_is_sent_none_of_it(serving: Serving) -> None:
    storage = Storage(403)
    upload = _upload(_content(8 * MIB), 8 * MIB)
    with serving(storage) as hooks, pytest.raises(Forbidden):
        hooks.call("write_blob", bucket_id="bucket", blob_id="blob", upload=upload)
    assert storage.asked == ["PUT"]
    assert storage.bodies == 0


def test_a_storage_that_does_not_say_whether_to_go_on_gets_the_content_all_the_same(serving: Serving) -> None:
    """Over TLS 1.3 there is something to read although the storage says nothing: the tickets of the session."""
    storage, content = Storage(None), _content(3 * MIB)
    with serving(storage) as hooks:
        for number in range(2):
            hooks.call("write_blob", bucket_id="bucket", blob_id=f"blob{number}", upload=_upload(content, len(content)))
    assert storage.kept == {"/bucket/blob0": content, "/bucket/blob1": content}
    assert storage.asked.count("PUT") == 2


def test_a_client_that_breaks_off_leaves_nothing(serving: Serving) -> None:
    def broken() -> Iterator[bytes]:
        yield bytes(MIB)
        raise ClientDisconnected

    storage = Storage()
    with serving(storage) as hooks:
        with pytest.raises(ClientDisconnected):
            hooks.call("write_blob", bucket_id="bucket", blob_id="blob", upload=Upload(broken(), length=4 * MIB))
        hooks.call("write_blob", bucket_id="bucket", blob_id="other", upload=_upload(b"x", 1))
    assert storage.kept.get("/bucket/blob", b"") != bytes(4 * MIB)
    assert storage.kept["/bucket/other"] == b"x"


def test_a_segment_passes_through(serving: Serving) -> None:
    storage, content = Storage(), _content(9 * MIB)
    with serving(storage) as hooks:
        place = {"bucket_id": "bucket", "blob_id": "blob", "upload_id": "u", "number": 7}
        assert hooks.call("write_segment", **place, upload=_upload(content, len(content))) == "1"
    assert storage.parts == {7: content}
    assert storage.payloads == ["UNSIGNED-PAYLOAD"]


def test_a_certificate_that_nobody_vouches_for_is_refused(authority: trustme.CA) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    storage = Storage()
    with listening(storage, tls) as url:
        hooks = Hooks("ec2", f"s3={url};ec2={url}", KEYS)
        for collection in ("buckets", "keys"):
            with pytest.raises(ProviderError, match="certificate"):
                hooks.list(collection)
        hooks.close()
    assert storage.asked == []


def test_contents_pass_through_the_server_as_well(
    authority: trustme.CA, deltacloudd: Deltacloudd, tmp_path: Path
) -> None:
    """The server is built on greenlets, which wait in other ways than threads."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    (tmp_path / "server.toml").write_text(f'[drivers.ec2]\nca-file = "{tmp_path / "ca.pem"}"\n')
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    gateway = deltacloudd("-c", str(tmp_path / "server.toml"), driver="ec2")
    login = base64.b64encode(b"AKIAIOSFODNN7EXAMPLE:x").decode()
    for goes_on in (100, 403, None):
        storage = Storage(goes_on)
        with listening(storage, tls) as url:
            headers = {
                "Authorization": f"Basic {login}",
                "X-Deltacloud-Provider": f"s3={url}",
                "Accept": "application/json",
            }
            sizes = {"small": 3 * MIB} if goes_on is None else {"small": 3 * MIB, "large": 20 * MIB}
            for name, size in sizes.items():
                content, place = _content(size), f"{gateway.url}/api/buckets/bucket/{name}"
                put = requests.put(place, content, headers=headers, timeout=60)
                if goes_on == 403 and name == "small":
                    assert put.status_code == 403
                    continue
                assert put.status_code == 200, put.text
                got = requests.get(f"{place}/content", headers=headers, timeout=60)
                assert got.content == content
    gateway.stop()
