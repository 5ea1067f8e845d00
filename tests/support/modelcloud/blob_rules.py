"""Buckets, and blobs in them: their contents, ranges of those, and metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from hypothesis import strategies as st
from hypothesis.stateful import rule

from modelcloud.caller import Reply, path_of
from modelcloud.observing import hold_blob
from modelcloud.readings import read_item
from modelcloud.records import Record
from modelcloud.rules import Rules, named, refused, some, some_pair, there_are, there_is, verdict
from modelcloud.tenant import Tenant

BLOBS = st.sampled_from(["one", "two/b c;d", "é?x=1#%", "content", "metadata", "two/<&>"])
CONTENTS = {"empty": b"", "one": b"x", "bytes": bytes(range(256)), "large": b"0123456789abcdef" * 12_000}
"""By the names that stand for them in the steps that Hypothesis prints."""
CONTENT = st.sampled_from(sorted(CONTENTS))
TYPES = st.sampled_from(["text/plain", "image/png", "application/octet-stream"])
METADATA: st.SearchStrategy[Mapping[str, str]] = st.sampled_from([{}, {"Colour": "red"}, {"a-b": "é漢 x", "c": ""}])
RANGES = st.sampled_from([(0, 0), (0, None), (1, 9), (255, 100_000), (None, 5), (None, 0), (300, None)])
START = {"blob_type": "segmented"}
MISSING = (("nosuch", "one"), ("nosuch", "nosuch"))
BOUNDARY = "a-boundary-that-no-content-holds"


def _blobs(tenant: Tenant) -> list[tuple[str, str]]:
    """Buckets and the blobs in them."""
    return list(tenant.blobs)


class BlobRules(Rules):
    """The rules of storage for blobs."""

    @rule(name=named("bucket"))
    def create_bucket(self, name: str) -> None:
        status = 409 if name in self.things("buckets") else 201
        reply = self.caller.post("buckets", fields={"name": name})
        self.made("buckets", reply, status, lambda _: {"id": name, "name": name})

    @there_is("buckets")
    @rule(bucket=some("buckets"), blob=BLOBS, content=CONTENT, kind=TYPES, metadata=METADATA)
    def put(self, bucket: str, blob: str, content: str, kind: str, metadata: Mapping[str, str]) -> None:
        headers = {"Content-Type": kind, "Content-Length": str(len(CONTENTS[content])), **metadata_headers(metadata)}
        reply = self.caller.send("PUT", path_of(["buckets", bucket, blob]), CONTENTS[content], headers)
        self._written(reply, 200, _record(bucket, blob, CONTENTS[content], kind, _from_headers(metadata)))

    @there_is("buckets")
    @rule(bucket=some("buckets"), blob=BLOBS, content=CONTENT, kind=TYPES, metadata=METADATA)
    def post_file(self, bucket: str, blob: str, content: str, kind: str, metadata: Mapping[str, str]) -> None:
        body = _multipart(_form(blob, metadata), CONTENTS[content], kind)
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        reply = self.caller.send("POST", path_of(["buckets", bucket]), body, headers)
        self._written(reply, 201, _record(bucket, blob, CONTENTS[content], kind, _from_form(metadata)))

    @there_is("buckets")
    @rule(bucket=some("buckets"), blob=BLOBS, metadata=METADATA, as_json=st.booleans())
    def post_text(self, bucket: str, blob: str, metadata: Mapping[str, str], as_json: bool) -> None:
        text = "text é & <more>"
        if as_json:
            body = json.dumps({"blob_id": blob, "blob_data": text, "metadata": metadata}).encode()
            headers = {"Content-Type": "application/json"}
        else:
            body = urlencode(_form(blob, metadata) | {"blob_data": text}).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = self.caller.send("POST", path_of(["buckets", bucket]), body, headers)
        self._written(reply, 201, _record(bucket, blob, text.encode(), "text/plain", _from_form(metadata)))

    @there_is("buckets")
    @rule(
        bucket=some("buckets"),
        blob=BLOBS,
        parts=st.lists(CONTENT, min_size=1, max_size=3),
        metadata=METADATA,
        kept=st.booleans(),
    )
    def put_in_parts(self, bucket: str, blob: str, parts: list[str], metadata: Mapping[str, str], kept: bool) -> None:
        """Upload in parts, the last one first, and finish or abort."""
        place = ["buckets", bucket, blob]
        headers = {"Content-Type": "image/png", "Content-Length": "0", **metadata_headers(metadata)}
        reply = self.caller.send("PUT", path_of(place, START), b"", headers)
        if refused(reply, 204 if bucket in self.things("buckets") else 404):
            return
        upload = {"segmented_blob": reply.headers["x-deltacloud-segmentedblob"]}
        segments = {}
        for number, part in reversed(list(enumerate(parts, start=1))):
            path = path_of(place, START | upload | {"segment_order": number})
            reply = self.caller.send("PUT", path, CONTENTS[part], {"Content-Length": str(len(CONTENTS[part]))}).expect(
                204
            )
            segments[number] = reply.headers["x-deltacloud-blobsegmentid"]
        if not kept:
            self.caller.send("DELETE", path_of(place, upload)).expect(204)
        manifest = " , ".join(f"{number}={segment}" for number, segment in segments.items()).encode()
        reply = self.caller.send("PUT", path_of(place, START | upload), manifest)
        if kept:
            content = b"".join(CONTENTS[part] for part in parts)
            self._written(reply, 200, _record(bucket, blob, content, "image/png", _from_headers(metadata)))
        else:
            reply.expect(404)

    @there_are(_blobs)
    @rule(place=some_pair(_blobs, *MISSING), metadata=METADATA)
    def replace_metadata(self, place: tuple[str, str], metadata: Mapping[str, str]) -> None:
        record = self.tenant.blobs.get(place)
        headers = metadata_headers(metadata) | {"Content-Length": "0"}
        reply = self.caller.send("POST", path_of(["buckets", *place]), b"", headers)
        if not refused(reply, 404 if record is None else 204) and record is not None:
            record["metadata"] = _from_headers(metadata)

    @there_is("buckets")
    @rule(bucket=some("buckets"), blob=BLOBS)
    def delete_blob(self, bucket: str, blob: str) -> None:
        """Delete, twice: the second time says the same."""
        status = 204 if bucket in self.things("buckets") else 404
        for _ in range(2):
            self.caller.delete("buckets", bucket, blob).expect(status)
        self.tenant.blobs.pop((bucket, blob), None)

    @there_are(_blobs)
    @rule(place=some_pair(_blobs, *MISSING), part=RANGES)
    def read_range(self, place: tuple[str, str], part: tuple[int | None, int | None]) -> None:
        record = self.tenant.blobs.get(place)
        content = b"" if record is None else record["content"]
        first, end = _bounds(part, len(content))
        status = verdict(206, (record is None, 404), (first >= len(content), 416))
        text = "-".join("" if one is None else str(one) for one in part)
        path = path_of(["buckets", *place, "content"])
        reply = self.caller.send("GET", path, headers={"Range": f"bytes={text}"})
        if not refused(reply, status):
            assert reply.body == content[first:end]
            assert reply.headers["content-range"] == f"bytes {first}-{end - 1}/{len(content)}"
        elif status == 416:
            assert reply.headers["content-range"] == f"bytes */{len(content)}"

    def _written(self, reply: Reply, status: int, record: Record) -> None:
        """Hold the answer to an upload to what was sent."""
        if refused(reply, verdict(status, (record["bucket"] not in self.things("buckets"), 404))):
            return
        reading = read_item("blobs", reply)
        place = (record["bucket"], record["id"])
        record |= {"modified": reading["modified"], "replaced": self.tenant.blobs.get(place, {}).get("etag")}
        self.tenant.blobs[place] = record
        hold_blob(record, reading)


def metadata_headers(metadata: Mapping[str, str]) -> dict[str, str]:
    """The headers that carry metadata: UTF-8, as the latin-1 text that ``http.client`` sends."""
    return {f"X-Deltacloud-Blobmeta-{name}": value.encode().decode("latin-1") for name, value in metadata.items()}


def _from_headers(metadata: Mapping[str, str]) -> dict[str, str]:
    return {name.lower().replace("-", "_"): value for name, value in metadata.items()}


def _from_form(metadata: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in metadata.items()}


def _record(bucket: str, blob: str, content: bytes, kind: str, metadata: dict[str, str]) -> Record:
    return {
        "id": blob,
        "bucket": bucket,
        "length": len(content),
        "content_type": kind,
        "metadata": metadata,
        "content": content,
        "etag": None,
    }


def _form(blob: str, metadata: Mapping[str, str]) -> dict[str, str]:
    fields = {"blob_id": blob, "meta_params": str(len(metadata))}
    for number, (name, value) in enumerate(metadata.items(), start=1):
        fields |= {f"meta_name{number}": name, f"meta_value{number}": value}
    return fields


def _multipart(fields: Mapping[str, str], content: bytes, kind: str) -> bytes:
    texts = [_part(f'name="{name}"', "", value.encode()) for name, value in fields.items()]
    file = _part('name="blob_data"; filename="file"', f"Content-Type: {kind}\r\n", content)
    return b"".join([*texts, file, f"--{BOUNDARY}--\r\n".encode()])


def _part(disposition: str, headers: str, content: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n{headers}\r\n"
    return head.encode() + content + b"\r\n"


def _bounds(part: tuple[int | None, int | None], length: int) -> tuple[int, int]:
    """From where to before where a range goes in a content of some length."""
    first, last = part
    if first is None:
        return (length - min(last or 0, length), length)
    return first, length if last is None else min(last + 1, length)
