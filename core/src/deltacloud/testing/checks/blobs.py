"""Blobs: their names, what they are like, and lists of them."""

from __future__ import annotations

from deltacloud.errors import NotFound
from deltacloud.models import Blob, BlobEntry
from deltacloud.testing.caller import ids_of, raised_by, said
from deltacloud.testing.check import REFERENCE, check, expect
from deltacloud.testing.run import Run
from deltacloud.testing.shapes import faults
from deltacloud.testing.uploading import Upload, whole

_PAGE = (REFERENCE, "Blobs")
WRITING = ("list_buckets", "list_blobs", "get_blob", "read_blob", "write_blob")
NAMES = (
    "plain",
    "a/b/c",
    "sp ace+plus",
    "per%cent%2Fcent",
    "semi;colon?query#hash&amp",
    "ünï-₿-漢",
    "dots..and~",
    "'\"<>",
)
_METADATA = (("colour", "blue"), ("name-with-hyphen", "Grün ₿"), ("upper", "KEEP Case"))


def write(run: Run, name: str, content: bytes, **options: object) -> Blob:
    """Write a blob of this name into the standing bucket."""
    upload = Upload(content, **options)  # type: ignore[arg-type]
    blob: Blob = run.main.call("write_blob", bucket_id=bucket(run), blob_id=name, upload=upload)
    return blob


def bucket(run: Run) -> str:
    """The bucket that checks write into."""
    return str(run.standing("buckets").id)


def name_of(run: Run, name: str) -> str:
    """A blob's name that no other run has."""
    return run.backend.blob_name(f"{run.prefix}{name}")


def read(run: Run, name: str) -> bytes:
    """The whole content of a blob in the standing bucket."""
    return whole(run.main.call("read_blob", bucket_id=bucket(run), blob_id=name, byte_range=None))


def shown(run: Run, name: str) -> Blob:
    """A blob of the standing bucket, as it is read."""
    blob: Blob = run.main.call("get_blob", bucket_id=bucket(run), blob_id=name)
    return blob


@check(
    "blobs.models",
    "blobs and entries have the declared types, names as they were given, lengths in bytes",
    _PAGE,
    hooks=WRITING,
)
def _models(run: Run) -> None:
    name = name_of(run, "model")
    written = write(run, name, b"four")
    entries = list(run.main.lister.blobs(bucket(run), name, None, None).items)
    expect(ids_of(entries) == [name], f"list_blobs gave {ids_of(entries)} for the name {name}")
    for model, kind in ((written, Blob), (shown(run, name), Blob), (entries[0], BlobEntry)):
        found = faults(model, kind)
        expect(not found, f"gave a {kind.__name__} that {'; '.join(found[:3])}")
        length = getattr(model, "content_length", None)
        expect(length in (4, None), f"gave a {kind.__name__} of {length} bytes, not 4")
        expect(model.id == name, f"gave a {kind.__name__} called {model.id!r}, not {name!r}")


@check(
    "blobs.names",
    "a blob's name is any text: slashes, reserved characters, percent signs, other scripts",
    _PAGE,
    hooks=WRITING,
)
def _names(run: Run) -> None:
    names = [name_of(run, f"names/{name}") for name in NAMES]
    for number, name in enumerate(names):
        write(run, name, f"content {number}".encode())
    listed = ids_of(run.main.lister.blobs(bucket(run), name_of(run, "names/"), None, None).items)
    expect(sorted(listed) == sorted(names), f"lists {sorted(set(names) ^ set(listed))!r:.200} otherwise than written")
    for number, name in enumerate(names):
        expect(read(run, name) == f"content {number}".encode(), f"gives another content for the name {name!r}")
        expect(shown(run, name).id == name, f"shows the name {shown(run, name).id!r}, written as {name!r}")


@check("blobs.unknown", "a blob or a bucket that is not there is NotFound", _PAGE, hooks=WRITING)
def _unknown(run: Run) -> None:
    here, name, nowhere = bucket(run), name_of(run, "never"), f"{run.prefix}nowhere"
    calls = {
        "get_blob": {"bucket_id": here, "blob_id": name},
        "read_blob": {"bucket_id": here, "blob_id": name, "byte_range": None},
        "write_blob": {"bucket_id": nowhere, "blob_id": name, "upload": Upload(b"x")},
        "list_blobs": {"bucket_id": nowhere, "prefix": None, "delimiter": None, "page": None},
    }
    for hook, arguments in calls.items():
        if hook == "list_blobs":
            error = raised_by(lambda: list(run.main.lister.blobs(nowhere, None, None, None).items))
        else:
            error = raised_by(lambda hook=hook, arguments=arguments: run.main.call(hook, **arguments))  # type: ignore[misc]
        expect(isinstance(error, NotFound), f"{hook} said {said(error)} of what is not there")


@check(
    "blobs.destroy",
    "a blob that is destroyed is gone, and destroying it again is no error",
    _PAGE,
    hooks=(*WRITING, "destroy_blob"),
)
def _destroy(run: Run) -> None:
    name = name_of(run, "gone")
    write(run, name, b"x")
    for _ in range(2):
        run.main.call("destroy_blob", bucket_id=bucket(run), blob_id=name)
        error = raised_by(lambda: shown(run, name))
        expect(isinstance(error, NotFound), f"get_blob said {said(error)} of a blob that was destroyed")
    listed = ids_of(run.main.lister.blobs(bucket(run), name, None, None).items)
    expect(not listed, "lists a blob that was destroyed")


@check(
    "blobs.metadata", "metadata and content type are kept: values as written, names in lower case", _PAGE, hooks=WRITING
)
def _metadata(run: Run) -> None:
    name = name_of(run, "metadata")
    write(run, name, b"x", metadata=_METADATA, content_type="text/x-contract")
    blob = shown(run, name)
    expect(dict(blob.user_metadata) == dict(_METADATA), f"shows metadata {blob.user_metadata}, given {_METADATA}")
    expect(blob.content_type == "text/x-contract", f"shows the content type {blob.content_type}")
    content = run.main.call("read_blob", bucket_id=bucket(run), blob_id=name, byte_range=None)
    expect(whole(content) == b"x", "gives another content than was written")
    expect(content.content_type == "text/x-contract", f"read_blob gives the content type {content.content_type}")


@check(
    "blobs.replace-metadata",
    "new metadata takes the place of all the old, and leaves content and content type alone",
    _PAGE,
    hooks=(*WRITING, "replace_blob_metadata"),
)
def _replace(run: Run) -> None:
    name = name_of(run, "replaced")
    write(run, name, b"kept", metadata=_METADATA, content_type="text/x-contract")
    run.main.call("replace_blob_metadata", bucket_id=bucket(run), blob_id=name, metadata=(("new", "one"),))
    blob = shown(run, name)
    expect(blob.user_metadata == (("new", "one"),), f"shows metadata {blob.user_metadata} after it was replaced")
    expect(blob.content_type == "text/x-contract", f"shows the content type {blob.content_type} after that")
    expect(read(run, name) == b"kept", "gives another content once the metadata was replaced")


@check(
    "blobs.overwrite", "a blob that is written again has the new content, type and metadata only", _PAGE, hooks=WRITING
)
def _overwrite(run: Run) -> None:
    name = name_of(run, "twice")
    write(run, name, b"the first and longer content", metadata=_METADATA, content_type="text/x-old")
    write(run, name, b"second", metadata=(("b", "2"),), content_type="text/x-new")
    blob = shown(run, name)
    seen = (read(run, name), blob.content_type, blob.user_metadata, blob.content_length)
    expect(seen == (b"second", "text/x-new", (("b", "2"),), 6), f"shows {seen!r:.200} of a blob written again")
    listed = ids_of(run.main.lister.blobs(bucket(run), name, None, None).items)
    expect(listed == [name], f"lists a blob written twice {len(listed)} times")


@check(
    "blobs.prefixes",
    "with a prefix only names that begin so are listed; behind a delimiter they are folded into one entry",
    _PAGE,
    hooks=WRITING,
)
def _prefixes(run: Run) -> None:
    root = name_of(run, "fold/")
    for name in ("a", "b/1", "b/2", "b/c/3", "bb", "d/"):
        write(run, root + name, b"x")
    cases = {
        (root, None): {"a", "b/1", "b/2", "b/c/3", "bb", "d/"},
        (f"{root}b", None): {"b/1", "b/2", "b/c/3", "bb"},
        (root, "/"): {"a", "b/*", "bb", "d/*"},
        (f"{root}b/", "/"): {"b/1", "b/2", "b/c/*"},
    }
    for (prefix, delimiter), wanted in cases.items():
        entries = list(run.main.lister.blobs(bucket(run), prefix, delimiter, None).items)
        seen = [f"{one.id}*" if getattr(one, "is_prefix", False) else one.id for one in entries]
        names = [one.removeprefix(root) for one in seen]
        asked = f"{prefix.removeprefix(root)!r} and {delimiter!r}"
        expect(sorted(names) == sorted(wanted), f"lists {sorted(names)} for {asked}, which are {sorted(wanted)}")
