"""Contents of blobs: byte for byte, in parts, and without being held."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Iterator

from deltacloud.errors import ClientDisconnected, NotFound, RangeNotSatisfiable
from deltacloud.inputs import ByteRange
from deltacloud.testing.caller import raised_by, said
from deltacloud.testing.check import GUIDE, REFERENCE, NotChecked, NotDeclared, check, expect
from deltacloud.testing.checks.blobs import WRITING, bucket, name_of, read, shown, write
from deltacloud.testing.profiles import MIB
from deltacloud.testing.run import Run
from deltacloud.testing.uploading import Upload, whole

_PAGE = (GUIDE, "Streams")
_BINARY = bytes(range(256)) * 3 + b"\r\n\x00\xff"
_LARGEST_CHUNK = 4 * MIB


@check("blobs.contents", "a content comes back byte for byte, were it empty or one byte", _PAGE, hooks=WRITING)
def _contents(run: Run) -> None:
    for kind, content in (("empty", b""), ("one", b"\x00"), ("binary", _BINARY)):
        name = name_of(run, kind)
        written = write(run, name, content)
        seen = read(run, name)
        expect(seen == content, f"gives {len(seen)} bytes ({seen[:20]!r}) for {kind} content of {len(content)}")
        for blob in (written, shown(run, name)):
            expect(blob.content_length == len(content), f"shows {blob.content_length} bytes of {len(content)}")


@check("blobs.unknown-length", "a content whose length nobody said is taken as it comes", _PAGE, hooks=WRITING)
def _chunked(run: Run) -> None:
    name = name_of(run, "chunked")
    upload = Upload(iter([b"a" * 1000, b"b" * 70000, b"c"]))
    run.main.call("write_blob", bucket_id=bucket(run), blob_id=name, upload=upload)
    expect(read(run, name) == b"a" * 1000 + b"b" * 70000 + b"c", "gives another content than came in chunks")


@check(
    "blobs.ranges",
    "a range has exactly the bytes asked for, counted from 0 and the last included; past the end it is refused",
    (REFERENCE, "Blobs"),
    hooks=WRITING,
)
def _ranges(run: Run) -> None:
    if not run.driver.names("read_blob", "byte_range"):
        raise NotDeclared("read_blob does not name byte_range, so the core cuts the parts out")
    name = name_of(run, "ranges")
    write(run, name, _BINARY)
    ranges = (ByteRange(first=0, last=0), ByteRange(first=10, last=19), ByteRange(first=700), ByteRange(suffix=5))
    for wanted in (*ranges, ByteRange(first=5, last=10**9)):
        start, end = wanted.within(len(_BINARY)) or (0, 0)
        content = run.main.call("read_blob", bucket_id=bucket(run), blob_id=name, byte_range=wanted)
        seen = whole(content)
        expect(seen == _BINARY[start:end], f"gives {len(seen)} bytes for {wanted}, which has {end - start}")
        length = (content.length, content.content_range)
        expect(content.length in (None, end - start), f"says {length} of bytes {start} to {end - 1}")
        expect(content.content_range == (start, end - 1, len(_BINARY)), f"says {length} of bytes {start} to {end - 1}")
    beyond = ByteRange(first=len(_BINARY))
    error = raised_by(lambda: run.main.call("read_blob", bucket_id=bucket(run), blob_id=name, byte_range=beyond))
    expect(isinstance(error, RangeNotSatisfiable), f"said {said(error)} of a range past the end")


@check("blobs.streamed", "a large content passes both ways without being held in memory", _PAGE, hooks=WRITING)
def _streamed(run: Run) -> None:
    size, name = run.profile.blob_bytes, name_of(run, "large")
    _send(run, name, MIB, hashlib.sha256())  # what a driver loads at its first use is no growth
    _receive(run, name, hashlib.sha256())
    digest = hashlib.sha256()
    _, grown = _measured(run, lambda: _send(run, name, size, digest))
    _flat(run, grown, size, "writing")
    received = hashlib.sha256()
    count, grown = _measured(run, lambda: _receive(run, name, received))
    expect(count == size and received.digest() == digest.digest(), f"gives {count} other bytes of {size}")
    _flat(run, grown, size, "reading")


def _send(run: Run, name: str, size: int, digest: hashlib._Hash) -> int:
    def chunks() -> Iterator[bytes]:
        for number in range(size // MIB):
            chunk = hashlib.sha256(str(number).encode()).digest() * (MIB // 32)
            digest.update(chunk)
            yield chunk

    upload = Upload(chunks(), length=size)
    run.main.call("write_blob", bucket_id=bucket(run), blob_id=name, upload=upload)
    return size


def _receive(run: Run, name: str, digest: hashlib._Hash) -> int:
    content = run.main.call("read_blob", bucket_id=bucket(run), blob_id=name, byte_range=None)
    count = 0
    try:
        for chunk in content.chunks:
            expect(len(chunk) <= _LARGEST_CHUNK, f"hands out {len(chunk)} bytes at once")
            count += len(chunk)
            digest.update(chunk)
    finally:
        content.close()
    return count


def _measured(run: Run, work: object) -> tuple[int, int]:
    """What some work returns, and by how many bytes the memory of this process grew meanwhile at most."""
    if run.backend.same_process:
        return work(), 0  # type: ignore[operator]
    begun_here = not tracemalloc.is_tracing()
    if begun_here:
        tracemalloc.start(1)
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        result = work()  # type: ignore[operator]
        return result, tracemalloc.get_traced_memory()[1] - before
    finally:
        if begun_here:
            tracemalloc.stop()


def _flat(run: Run, grown: int, size: int, doing: str) -> None:
    # Some clouds take large contents in parts of 5 MiB, and are fast only with a few of them at a time.
    most = min(max(size // 2, 6 * MIB), 32 * MIB)
    expect(grown <= most, f"took {grown / MIB:.1f} MiB of memory for {doing} {size / MIB:.0f} MiB in chunks of 1")
    if run.backend.same_process and doing == "reading":
        raise NotChecked("contents are right, but the cloud is in this process: `same_process`")


@check(
    "blobs.broken-upload",
    "a client that breaks off leaves no partial blob, and an older one as it was",
    _PAGE,
    hooks=WRITING,
)
def _broken(run: Run) -> None:
    old, new = name_of(run, "broken-old"), name_of(run, "broken-new")
    write(run, old, b"as it was", metadata=(("kept", "yes"),))
    for name in (old, new):
        for length in (3 * MIB, None):
            upload = Upload(_breaking(), length=length)
            error = raised_by(
                lambda name=name, upload=upload: run.main.call(  # type: ignore[misc]
                    "write_blob", bucket_id=bucket(run), blob_id=name, upload=upload
                )
            )
            expect(isinstance(error, ClientDisconnected), f"write_blob made {said(error)} of ClientDisconnected")
    seen = raised_by(lambda: shown(run, new))
    expect(isinstance(seen, NotFound), "left a partial blob of an upload that broke off")
    expect(read(run, old) == b"as it was", "changed the older blob when an upload over it broke off")
    expect(shown(run, old).user_metadata == (("kept", "yes"),), "changed the older blob's metadata")


def _breaking() -> Iterator[bytes]:
    yield b"x" * MIB
    raise ClientDisconnected


@check("blobs.closed", "a content that is left unread can be closed, twice, and read again", _PAGE, hooks=WRITING)
def _closed(run: Run) -> None:
    name = name_of(run, "closed")
    write(run, name, b"y" * MIB)
    for _ in range(3):
        content = run.main.call("read_blob", bucket_id=bucket(run), blob_id=name, byte_range=None)
        next(iter(content.chunks))
        content.close()
        content.close()
    expect(len(read(run, name)) == MIB, "gives less of a blob whose reader has broken off before")
