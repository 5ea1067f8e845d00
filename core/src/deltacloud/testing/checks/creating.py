"""Making and removing things."""

from __future__ import annotations

from deltacloud.errors import NotFound
from deltacloud.testing.caller import ids_of, raised_by, said
from deltacloud.testing.check import GUIDE, REFERENCE, NotDeclared, check, check_each, expect
from deltacloud.testing.life import bring, read
from deltacloud.testing.resources import RESOURCES, Resource
from deltacloud.testing.run import NO_FIELDS, Fields, Run
from deltacloud.testing.uploading import Upload

MADE = [one for one in RESOURCES.values() if one.can_be_made]
_PAGE = (GUIDE, "Creating and acting")
_DESCRIBED = frozenset({"firewalls", "keys", "load_balancers", "networks", "subnets", "buckets"})
"""Collections whose names every driver takes."""


def _made(resource: Resource) -> tuple[str, ...]:
    return (resource.list_hook, resource.create_hook)


@check_each(
    MADE, "create", "what is made is one thing, has the asked name, can be read, and is in the list", _PAGE, hooks=_made
)
def _create(run: Run, resource: Resource) -> None:
    before = run.really(resource)
    name = run.name()
    made = run.make(resource, {"name": name} if resource.collection in _DESCRIBED else {})
    who = run.main
    shown = run.wait(lambda: who.found(resource, made.id), f"cannot read {made.id}, which it made")
    run.wait(lambda: made.id in ids_of(who.items(resource)) or None, f"does not list {made.id}, which it made")
    if resource.collection in _DESCRIBED:
        expect(getattr(shown, "name", name) == name, f"shows {resource.singular} {shown!r:.60}, asked to be {name}")
    if before is not None:
        extra = (run.really(resource) or set()) - before
        expect(len(extra) == 1, f"made {len(extra)} {resource.collection} when asked for one")


@check_each(
    MADE,
    "destroy",
    "what is destroyed is gone: out of the list, and NotFound",
    _PAGE,
    hooks=lambda resource: (*_made(resource), resource.destroy_hook),
)
def _destroy(run: Run, resource: Resource) -> None:
    made = run.make(resource)
    who = run.main
    if resource.collection == "instances":
        who.call("destroy_instance", instance=bring(run, who, made.id, "destroy"))
        run.wait(lambda: read(who, made.id) is None or None, f"still shows {made.id}, which it destroyed")
    else:
        who.call(resource.destroy_hook, **{resource.argument: made.id})
        run.wait(lambda: who.found(resource, made.id) is None or None, f"still shows {made.id}, which it destroyed")
    run.forget(made.id)
    run.wait(lambda: _ended(run, resource, made.id), f"still lists {made.id}, which it destroyed")
    really = run.really(resource)
    expect(really is None or made.id not in really, f"did not destroy {made.id}")
    if resource.collection != "instances":
        error = raised_by(lambda: who.call(resource.destroy_hook, **{resource.argument: made.id}))
        expect(isinstance(error, NotFound), f"{resource.destroy_hook} said {said(error)} of {made.id}, which is gone")


@check(
    "keys.taken",
    "a name that is taken is a Conflict",
    (REFERENCE, "Keys"),
    hooks=("list_keys", "create_key"),
)
def _taken(run: Run) -> None:
    text = run.backend.public_key
    _twice(run, RESOURCES["keys"], {"public_key": text()} if callable(text) else {})


@check(
    "buckets.taken",
    "a name that is taken is a Conflict",
    (REFERENCE, "Buckets"),
    hooks=("list_buckets", "create_bucket"),
)
def _bucket_taken(run: Run) -> None:
    _twice(run, RESOURCES["buckets"])


@check(
    "keys.private",
    "a generated key shows its private part once, as a Secret",
    (REFERENCE, "Keys"),
    hooks=("list_keys", "create_key"),
)
def _private(run: Run) -> None:
    if callable(run.backend.public_key):
        raise NotDeclared("the cloud generates no keys")
    key = run.make(RESOURCES["keys"])
    if key.type == "key":
        expect(key.pem, f"create_key gave key {key.id} without its private part")
        expect(key.fingerprint, f"create_key gave key {key.id} without its fingerprint")


@check(
    "keys.feature.import_key",
    "a public key that is given is imported, and no private part is made",
    (REFERENCE, "Keys"),
    hooks=("list_keys", "create_key"),
    feature="import_key",
    wants=("public_key",),
)
def _imported(run: Run) -> None:
    resource = RESOURCES["keys"]
    text = run.need("public_key")
    if callable(text):
        first = second = run.make(resource)
    else:
        first, second = (run.make(resource, {"public_key": text}) for _ in range(2))
    shown = "" if first.pem is None else first.pem.reveal()
    expect("PRIVATE KEY" not in shown, "gave a private part of a key that was imported")
    expect(first.fingerprint == second.fingerprint, "gave one public key two fingerprints")


@check(
    "buckets.feature.bucket_location",
    "a bucket is made where it is asked for",
    (REFERENCE, "Buckets"),
    hooks=("list_buckets", "create_bucket"),
    feature="bucket_location",
    wants=("bucket_location",),
)
def _located(run: Run) -> None:
    run.make(RESOURCES["buckets"], {"location": run.need("bucket_location")})


@check(
    "buckets.not-empty",
    "a bucket with blobs is not destroyed: Conflict",
    (REFERENCE, "Buckets"),
    hooks=("list_buckets", "create_bucket", "destroy_bucket", "list_blobs", "write_blob", "destroy_blob"),
)
def _not_empty(run: Run) -> None:

    bucket = run.make(RESOURCES["buckets"]).id
    run.main.call("write_blob", bucket_id=bucket, blob_id="kept", upload=Upload(b"kept"))
    error = raised_by(lambda: run.main.call("destroy_bucket", bucket_id=bucket))
    expect(isinstance(error, run.conflicts), f"said {said(error)} when a bucket with a blob was destroyed")
    expect(run.main.found(RESOURCES["buckets"], bucket) is not None, "destroyed a bucket with a blob")


def _twice(run: Run, resource: Resource, fields: Fields = NO_FIELDS) -> None:
    made = run.make(resource, fields)
    error = raised_by(lambda: run.make(resource, {**fields, "name": made.name}))
    expect(isinstance(error, run.conflicts), f"{resource.create_hook} said {said(error)} of a name that is taken")


def _ended(run: Run, resource: Resource, identifier: str) -> bool | None:
    """Whether a list shows a thing no more; instances may be shown as finished."""
    left = [one for one in run.main.items(resource) if one.id == identifier]
    gone = not left or (resource.collection == "instances" and read(run.main, identifier) is None)
    return gone or None
