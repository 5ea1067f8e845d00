"""Removing what a run has left that was broken off."""

from __future__ import annotations

import re

from deltacloud.errors import DeltacloudError, NotFound
from deltacloud.testing.backend import Login
from deltacloud.testing.check import GUIDE, Broken, Check, NotChecked, expect
from deltacloud.testing.journal import read
from deltacloud.testing.removing import Made, removable, remove
from deltacloud.testing.resources import RESOURCES, Resource
from deltacloud.testing.run import MARK, Run

_OURS = re.compile(rf"{MARK}[0-9a-f]{{8}}-")


def _sweep(run: Run) -> None:
    """Remove whatever carries the mark of the kit, in its name or its id, and blobs with it in any bucket."""
    left = []
    for resource in removable(run):
        for item in run.main.items(resource):
            if any(_OURS.match(str(text)) for text in (item.id, getattr(item, "name", None))):
                left += _removed(run, resource, item.id)
    _sweep_blobs(run)
    left += _sweep_journals(run)
    expect(not left, f"keeps {'; '.join(left)}")


def _sweep_journals(run: Run) -> list[str]:
    """Remove what the journals of broken runs still have: addresses, and whatever else bears no name."""
    if run.journals is None:
        return []
    left = []
    for path, entries in read(run.journals, run.backend):
        kept = []
        for resource in removable(run):
            for entry in entries:
                if entry.collection == resource.collection:
                    kept += _removed(run, resource, entry.identifier, getattr(run.backend, entry.tenant))
        if not kept:
            path.unlink()
        left += kept
    return left


def _removed(run: Run, resource: Resource, identifier: str, login: Login | None = None) -> list[str]:
    """Remove one thing; returns what keeps it, if anything does."""
    what = f"{resource.collection} {identifier}"
    who = run.main if login is None else run.caller(login)
    try:
        remove(run, Made(who, resource, identifier))
    except NotFound:
        return []
    except (DeltacloudError, Broken, NotChecked) as error:
        return [f"{what} ({type(error).__name__}: {error})"]
    run.swept.append(what)
    return []


def _sweep_blobs(run: Run) -> None:
    if not run.has("list_buckets", "list_blobs", "destroy_blob"):
        return
    for bucket in run.main.items(RESOURCES["buckets"]):
        for entry in list(run.main.lister.blobs(bucket.id, run.backend.blob_name(MARK), None, None).items):
            if _OURS.match(entry.id):
                run.main.call("destroy_blob", bucket_id=bucket.id, blob_id=entry.id)
                run.swept.append(f"blobs {bucket.id}/{entry.id}")


SWEEPING = Check("sweep", "what the kit has made can be removed", (GUIDE, "Creating and acting"), _sweep)
"""Not a check of the contract: what ``--contract-sweep`` does instead of them."""
