"""Multipart forms, however they are cut, and what does not come in one piece."""

from __future__ import annotations

import io
import os
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.api.parsing.blob_forms import read_blob_form
from deltacloud.api.parsing.bodies import BodyLimits, read_body
from deltacloud.api.parsing.multipart import MultipartReader, boundary_of
from deltacloud.api.parsing.parameter_set import Field, ParameterSet
from deltacloud.api.parsing.uploads import UploadedFile
from deltacloud.api.parsing.urlencoded import FIELD_LIMIT
from deltacloud.blobs import CHUNK
from deltacloud.errors import ClientDisconnected, InvalidRequest, PayloadTooLarge, UnsupportedMediaType

BOUNDARY = "XX-delimits"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"

# Contents that look like delimiters, or like the beginning of one.
CONTENTS = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b"-", b"--", b"XX", b"\r\n--XX-delimit", b"--" + BOUNDARY.encode()])
    | st.binary(max_size=8),
    max_size=8,
).map(b"".join)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters='\r\n"\\\0', exclude_categories=["Cs"]), min_size=1)


class InPieces:
    """A body that arrives in pieces of the given sizes, again and again."""

    def __init__(self, raw: bytes, sizes: list[int]) -> None:
        self._raw = io.BytesIO(raw)
        self._sizes = sizes
        self._reads = 0

    def read(self, size: int = -1, /) -> bytes:
        piece = self._sizes[self._reads % len(self._sizes)]
        self._reads += 1
        return self._raw.read(piece if size < 0 else min(size, piece))


class BrokenOff(io.BytesIO):
    """A body whose client breaks off at its end."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            raise ClientDisconnected
        return data


def part(name: str, content: bytes, filename: str | None = None, content_type: str | None = None) -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"'
    if filename is not None:
        head += f'; filename="{filename}"'
    if content_type is not None:
        head += f"\r\nContent-Type: {content_type}"
    return head.encode() + b"\r\n\r\n" + content


def form(*parts: bytes) -> bytes:
    delimiter = f"--{BOUNDARY}\r\n".encode()
    return b"".join(delimiter + one + b"\r\n" for one in parts) + f"--{BOUNDARY}--\r\n".encode()


def entries(names: list[tuple[str, str]]) -> list[bytes]:
    numbered = [
        part(f"meta_{kind}{number}", text.encode())
        for number, pair in enumerate(names, start=1)
        for kind, text in zip(("name", "value"), pair, strict=True)
    ]
    return [part("meta_params", str(len(names)).encode()), *numbered]


def read_form(raw: bytes, limits: BodyLimits | None = None) -> tuple[Field, ...]:
    return read_body(io.BytesIO(raw), CONTENT_TYPE, len(raw), limits)


@given(
    fields=st.lists(
        st.tuples(
            NAMES,
            st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: f"\r\n--{BOUNDARY}" not in text),
        )
    ),
    files=st.lists(
        st.tuples(NAMES, CONTENTS.filter(lambda data: b"\r\n--" + BOUNDARY.encode() not in b"\r\n" + data)), max_size=5
    ),
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=5),
)
def test_a_form_comes_back_as_it_was_encoded_however_it_is_cut(
    fields: list[tuple[str, str]], files: list[tuple[str, bytes]], sizes: list[int]
) -> None:
    raw = form(*(part(name, text.encode()) for name, text in fields), *(part(name, data, "f") for name, data in files))
    found = read_body(InPieces(raw, sizes), CONTENT_TYPE)
    texts = [(name, value) for name, value in found if isinstance(value, str)]
    contents = [(name, value.read()) for name, value in found if isinstance(value, UploadedFile)]
    assert texts == fields
    assert contents == files


@given(CONTENTS, st.lists(st.integers(1, 9), min_size=1), st.lists(st.integers(1, 9), min_size=1))
def test_a_part_can_be_read_in_any_steps(content: bytes, sizes: list[int], steps: list[int]) -> None:
    content = content.replace(b"\r\n--" + BOUNDARY.encode(), b"")
    if content.startswith(b"--" + BOUNDARY.encode()):
        content = b"x" + content
    reader = MultipartReader(InPieces(form(part("a", content), part("b", b"1")), sizes), BOUNDARY.encode())
    read: list[bytes] = []
    for one in reader:
        if one.name == "a":
            taken = 0
            while chunk := one.read(steps[taken % len(steps)]):
                assert len(chunk) <= steps[taken % len(steps)]
                read.append(chunk)
                taken += 1
    assert b"".join(read) == content


def test_a_read_gives_all_that_was_asked_for_until_the_end() -> None:
    reader = MultipartReader(InPieces(form(part("a", b"0123456789")), [3]), BOUNDARY.encode())
    first = next(iter(reader))
    assert [first.read(4), first.read(4), first.read(4), first.read(4)] == [b"0123", b"4567", b"89", b""]


def test_what_is_left_unread_of_a_part_is_passed_over() -> None:
    reader = MultipartReader(io.BytesIO(form(part("a", b"x" * 5000), part("b", b"y"))), BOUNDARY.encode())
    assert [(one.name, one.read(1)) for one in reader] == [("a", b"x"), ("b", b"y")]


def test_a_part_that_is_past_has_no_more_to_read() -> None:
    reader = iter(MultipartReader(io.BytesIO(form(part("a", b"1"), part("b", b"2"))), BOUNDARY.encode()))
    first = next(reader)
    second = next(reader)
    assert first.read() == b""
    assert second.read() == b"2"


def test_preamble_epilogue_and_padding_are_passed_over() -> None:
    raw = b"preamble\r\n" + form(part("a", b"1")).replace(b"delimits\r\n", b"delimits \t\r\n") + b"epilogue"
    assert read_form(raw) == (("a", "1"),)


def test_a_form_without_parts_has_no_fields() -> None:
    assert read_form(form()) == ()


def test_headers_are_read_in_any_case_and_quoting() -> None:
    raw = form(
        b"content-disposition:form-data;NAME=plain\r\n\r\n1",
        b'Content-Disposition: form-data; filename="C:\\dir\\x; name=no.txt"; name="a\\"b"\r\nX-Other: y\r\n\r\n2',
    )
    reader = MultipartReader(io.BytesIO(raw), BOUNDARY.encode())
    assert [(one.name, one.filename, one.read()) for one in reader] == [
        ("plain", None, b"1"),
        ('a"b', "C:\\dir\\x; name=no.txt", b"2"),
    ]


@pytest.mark.parametrize(
    ("head", "is_file"),
    [
        ('name="a"', False),
        ('name="a"\r\nContent-Type: text/plain; charset=utf-8', False),
        ('name="a"\r\nContent-Type: application/octet-stream', True),
        ('name="a"; filename=""', True),
        ("name=\"a\"; filename*=UTF-8''x", True),
    ],
)
def test_a_file_is_told_by_its_name_or_its_type(head: str, is_file: bool) -> None:
    raw = form(f"Content-Disposition: form-data; {head}\r\n\r\nx".encode())
    assert [one.is_file for one in MultipartReader(io.BytesIO(raw), BOUNDARY.encode())] == [is_file]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no boundary at all",
        form(part("a", b"1"))[:-10],
        form(part("a", b"1")).replace(b"delimits\r\n", b"delimits?\r\n"),
        form(b"Content-Disposition: form-data\r\n\r\n1"),
        form(b'Content-Disposition: attachment; name="a"\r\n\r\n1'),
        form(b"no header\r\n\r\n1"),
        form(b'Content-Disposition: form-data; name="a"\r\nX: ' + b"y" * 9000 + b"\r\n\r\n1"),
        form(b'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ=='),
        form(part("a", b"\xff")),
        form(*[part("a", b"1")] * (FIELD_LIMIT + 1)),
        b"x" * 100_000 + b"\r\n" + form(part("a", b"1")),
    ],
    ids=range(12),
)
def test_a_malformed_form_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read_body(io.BytesIO(raw), CONTENT_TYPE)


def test_as_many_fields_as_are_allowed_can_come() -> None:
    assert len(read_form(form(*[part("a", b"1")] * FIELD_LIMIT))) == FIELD_LIMIT


@given(st.integers(0, 10_000))
def test_a_form_that_is_cut_short_is_never_taken_for_a_whole_one(cut: int) -> None:
    raw = form(part("a", b"1"), part("b", b"x" * 50, "f"))
    begun = raw[: cut % raw.rindex(b"--")]
    with pytest.raises(InvalidRequest):
        read_body(io.BytesIO(begun), CONTENT_TYPE)
    with pytest.raises(ClientDisconnected):
        read_body(BrokenOff(begun), CONTENT_TYPE)


@pytest.mark.parametrize("boundary", ["", "x" * 71, '"x y "', "\x01", "é"])
def test_a_boundary_that_is_none_is_refused(boundary: str) -> None:
    with pytest.raises(InvalidRequest):
        boundary_of(f"multipart/form-data; boundary={boundary}")


def test_a_boundary_may_be_quoted() -> None:
    assert boundary_of('multipart/form-data; charset=utf-8; Boundary="a b;c"') == b"a b;c"


def test_a_field_may_say_that_it_is_latin_1_but_nothing_odd() -> None:
    assert read_form(form(part("a", b"\xe9", content_type="text/plain; charset=ISO-8859-1"))) == (("a", "é"),)
    with pytest.raises(UnsupportedMediaType):
        read_form(form(part("a", b"x", content_type="text/plain; charset=zip")))


def test_texts_and_files_in_memory_have_limits() -> None:
    limits = BodyLimits(text=10, file=10, files=2)
    assert len(read_form(form(part("a", b"12345"), part("b", b"67890"), part("f", b"x" * 10, "f")), limits)) == 3
    with pytest.raises(PayloadTooLarge):
        read_form(form(part("a", b"12345"), part("b", b"678901")), limits)
    with pytest.raises(PayloadTooLarge):
        read_form(form(part("f", b"x" * 11, "f")), limits)
    with pytest.raises(InvalidRequest):
        read_form(form(*[part("f", b"x", "f")] * 3), limits)


def test_a_file_field_that_was_not_filled_in_is_no_file() -> None:
    raw = form(part("content1", b"", "", "application/octet-stream"), part("content2", b"", "empty.txt"))
    assert [name for name, _ in read_form(raw)] == ["content2"]


def test_a_file_knows_its_type_and_length() -> None:
    ((_, file), (_, other)) = read_form(form(part("a", b"123", "a.txt", "text/plain"), part("b", b"", "b")))
    assert isinstance(file, UploadedFile)
    assert isinstance(other, UploadedFile)
    assert (file.filename, file.content_type, file.length, list(file)) == ("a.txt", "text/plain", 3, [b"123"])
    assert (other.content_type, other.length) == ("application/octet-stream", 0)


# Forms that upload a blob.


def read_blob(raw: bytes, query: tuple[tuple[str, str], ...] = (), limits: BodyLimits | None = None) -> ParameterSet:
    return ParameterSet(query, read_blob_form(io.BytesIO(raw), CONTENT_TYPE, query, limits))


BLOB = part("blob_id", b"b1")
DATA = part("blob_data", b"posted blob", "a.txt", "text/plain")
META = entries([("Author", "herpyderp"), ("Type", "formPosted")])


@pytest.mark.parametrize(
    "parts",
    [(BLOB, DATA, *META), (DATA, BLOB, *META), (*META, DATA, BLOB), (BLOB, *META[:3], DATA, *META[3:]), (DATA, BLOB)],
)
def test_a_file_before_the_fields_it_needs_waits_for_them(parts: tuple[bytes, ...]) -> None:
    parameters = read_blob(form(*parts))
    file = parameters.file("blob_data")
    assert file is not None
    assert (file.length, file.content_type, file.read()) == (11, "text/plain", b"posted blob")
    assert parameters.get("blob_id") == "b1"
    assert parameters.getall("meta_value2") == (("formPosted",) if META[0] in parts else ())
    parameters.close()


@pytest.mark.parametrize("parts", [(BLOB, *META, DATA), (part("meta_params", b"0"), BLOB, DATA)])
def test_a_file_that_comes_last_is_handed_on_while_it_arrives(parts: tuple[bytes, ...]) -> None:
    parameters = read_blob(form(*parts))
    file = parameters.file("blob_data")
    assert file is not None
    assert file.length is None
    assert (file.read(6), file.read(100), file.read(1)) == (b"posted", b" blob", b"")


def test_fields_in_the_query_string_need_not_be_in_the_form() -> None:
    file = read_blob(form(DATA), (("blob_id", "b1"), ("meta_params", "0"))).file("blob_data")
    assert file is not None
    assert file.length is None


def test_a_form_that_ends_early_behind_its_file_is_no_upload() -> None:
    file = read_blob(form(BLOB, *META, DATA)[: -len("--\r\n")]).file("blob_data")
    assert file is not None
    assert file.read(11) == b"posted blob"
    with pytest.raises(InvalidRequest):
        file.read(1)


def test_a_client_that_breaks_off_inside_its_file_is_noticed() -> None:
    raw = form(BLOB, *META, DATA)
    ((_, file),) = read_blob_form(BrokenOff(raw[: raw.index(b"blob\r\n")]), CONTENT_TYPE)[-1:]
    assert isinstance(file, UploadedFile)
    with pytest.raises(ClientDisconnected):
        list(file)


@pytest.mark.parametrize("late", [BLOB, META[0], META[1], DATA])
def test_a_field_behind_the_file_cannot_change_what_was_already_handed_on(late: bytes) -> None:
    file = read_blob(form(BLOB, *META, DATA, late)).file("blob_data")
    assert file is not None
    with pytest.raises(InvalidRequest):
        file.read()


def test_other_fields_behind_the_file_do_no_harm() -> None:
    file = read_blob(form(BLOB, *META, DATA, part("commit", b"create"))).file("blob_data")
    assert file is not None
    assert file.read() == b"posted blob"


def test_files_that_nobody_asked_for_are_passed_over() -> None:
    parameters = read_blob(form(part("other", b"x" * 100, "other"), BLOB, *META, DATA), limits=BodyLimits(text=99))
    assert parameters.file("other") is None
    assert parameters.file("blob_data") is not None


def test_a_form_that_breaks_behind_a_waiting_file_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[IO[bytes]] = []
    make = tempfile.SpooledTemporaryFile

    def remembered(max_size: int) -> IO[bytes]:
        opened.append(make(max_size))
        return opened[-1]

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", remembered)
    with pytest.raises(InvalidRequest):
        read_blob(form(part("field", b"1"), DATA, part("field", b"\xff")))
    assert [file.closed for file in opened] == [True]


def test_a_second_file_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        read_blob(form(DATA, DATA, BLOB))


def test_a_file_that_waits_has_a_limit_and_one_that_comes_last_has_none() -> None:
    large = part("blob_data", b"x" * 1000, "large")
    with pytest.raises(PayloadTooLarge):
        read_blob(form(large, BLOB), limits=BodyLimits(spool=999))
    file = read_blob(form(BLOB, *META, large), limits=BodyLimits(spool=999)).file("blob_data")
    assert file is not None
    assert len(file.read()) == 1000


def test_a_text_as_content_is_a_field() -> None:
    parameters = read_blob(form(BLOB, part("blob_data", b"plain string data")))
    assert parameters.get("blob_data") == "plain string data"


class Generated:
    """A long body that nobody holds: some bytes, a number of equal chunks, and some bytes."""

    def __init__(self, before: bytes, chunk: bytes, count: int, behind: bytes) -> None:
        self._pieces = self._all(before, chunk, count, behind)

    @staticmethod
    def _all(before: bytes, chunk: bytes, count: int, behind: bytes) -> Iterator[bytes]:
        yield before
        for _ in range(count):
            yield chunk
        yield behind

    def read(self, _size: int = -1, /) -> bytes:
        return next(self._pieces, b"")


def _uploads_of(size: int, *, last: bool) -> tuple[Callable[[], UploadedFile], int]:
    chunk = os.urandom(1 << 16)
    count = size // len(chunk)
    before, _, behind = form(
        *([BLOB, *META] if last else []), part("blob_data", b"@@", "f"), BLOB if not last else part("z", b"")
    ).partition(b"@@")

    def read() -> UploadedFile:
        fields = dict(read_blob_form(Generated(before, chunk, count, behind), CONTENT_TYPE))
        file = fields["blob_data"]
        assert isinstance(file, UploadedFile)
        return file

    return read, len(chunk) * count


@pytest.mark.parametrize("last", [True, False])
def test_memory_does_not_grow_with_the_file(last: bool) -> None:
    read, size = _uploads_of(48 * CHUNK, last=last)
    tracemalloc.start()
    try:
        file = read()
        assert sum(map(len, file)) == size
        assert tracemalloc.get_traced_memory()[1] < 8 * CHUNK
    finally:
        tracemalloc.stop()
    file.close()
