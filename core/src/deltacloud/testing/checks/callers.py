"""Several callers at once: nobody gets what is another's."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from deltacloud.errors import AuthenticationFailed
from deltacloud.inputs import Filters
from deltacloud.testing.caller import Caller, ids_of, raised_by, restless
from deltacloud.testing.check import GUIDE, NotChecked, check, expect
from deltacloud.testing.checks.segments import PART, SEGMENTED, Parts
from deltacloud.testing.resources import RESOURCES, Resource
from deltacloud.testing.run import Run
from deltacloud.testing.uploading import Upload, whole

_PAGE = (GUIDE, "The rules")
_AT_ONCE = 8
_PREFERRED = ("keys", "storage_volumes", "firewalls", "buckets", "networks", "instances", "addresses")


def _own(run: Run) -> Resource:
    """A collection of which each tenant has things of its own."""
    for name in _PREFERRED:
        resource = RESOURCES[name]
        if run.has(resource.list_hook, resource.create_hook, resource.destroy_hook) and name not in run.backend.public:
            return resource
    raise NotChecked("the driver has no collection in which tenants could make things of their own")


def _both(run: Run) -> tuple[Caller, Caller]:
    return run.caller(run.backend.credentials), run.other


def _made(run: Run, resource: Resource) -> tuple[set[str], set[str]]:
    """Three things of each tenant's own: their ids."""
    mine, theirs = ({str(run.make(resource, by=who).id) for _ in range(3)} for who in _both(run))
    return mine, theirs


def _fits(seen: set[str], made: tuple[set[str], set[str]], caller: int) -> bool:
    """Whether a caller sees all of their own, and nothing that the other one has made."""
    return made[caller] <= seen and not (made[1 - caller] - made[caller]) & seen


@check(
    "callers.together",
    "callers who call at once see their own things, and wrong credentials stay wrong",
    _PAGE,
    wants=("other_credentials",),
)
def _together(run: Run) -> None:
    resource = _own(run)
    made, callers = _made(run, resource), _both(run)
    wrong = None if run.backend.wrong_credentials is None else run.caller(run.backend.wrong_credentials)

    def ask(number: int) -> tuple[int, set[str]]:
        return number % 2, set(ids_of(callers[number % 2].items(resource)))

    def refused(_number: int) -> bool:
        error = None if wrong is None else raised_by(lambda: wrong.items(resource))
        return wrong is None or isinstance(error, AuthenticationFailed)

    with restless(), ThreadPoolExecutor(_AT_ONCE) as threads:
        answers = threads.map(ask, range(run.profile.rounds * _AT_ONCE))
        refusals = threads.map(refused, range(run.profile.rounds * 2))
        for caller, seen in answers:
            expect(_fits(seen, made, caller), f"{resource.list_hook} gave a caller what is another's, of many at once")
        expect(all(refusals), "let somebody in with wrong credentials, among others at once")


@check(
    "callers.lazy-lists",
    "each step of a lazy list belongs to the caller who asked for it",
    _PAGE,
    wants=("other_credentials",),
)
def _lazy(run: Run) -> None:
    resource = _own(run)
    made = _made(run, resource)
    logins = (run.backend.credentials, run.need("other_credentials"))
    callers = [run.caller(login, variant=run.backend.small_pages) for login in logins]
    lists = [iter(who.lister.whole(resource.list_hook, Filters())) for who in callers]
    seen: list[set[str]] = [set(), set()]
    going = [0, 1]
    while going:
        for one in list(going):
            item: Any = next(lists[one], None)
            if item is None:
                going.remove(one)
            else:
                seen[one].add(item.id)
    for one in (0, 1):
        expect(_fits(seen[one], made, one), f"{resource.list_hook} mixed two callers who read a list step by step")


@check(
    "callers.streams",
    "each step of a stream belongs to the caller who asked for it",
    _PAGE,
    hooks=("list_buckets", "create_bucket", "write_blob", "read_blob"),
    wants=("other_credentials",),
)
def _streams(run: Run) -> None:
    callers = _both(run)
    places = [(who, run.standing("buckets", who).id) for who in callers]
    contents = [bytes([65 + number]) * (PART // 2) for number in range(2)]

    def write(number: int) -> None:
        who, bucket = places[number]
        upload = Upload(iter([contents[number][start : start + 65536] for start in range(0, PART // 2, 65536)]))
        who.call("write_blob", bucket_id=bucket, blob_id=run.backend.blob_name(f"{run.prefix}same"), upload=upload)

    _at_once([lambda number=number: write(number) for number in range(2)])  # type: ignore[misc]
    streams = [
        who.call("read_blob", bucket_id=bucket, blob_id=run.backend.blob_name(f"{run.prefix}same"), byte_range=None)
        for who, bucket in places
    ]
    chunks = [[*zip(range(1), stream.chunks, strict=False)] for stream in streams]
    seen = [first[0][1] + whole(stream) for first, stream in zip(chunks, streams, strict=True)]
    for number in range(2):
        expect(seen[number] == contents[number], "read_blob gave a caller bytes of another's blob, step by step")


@check(
    "callers.parts",
    "parts that are sent side by side belong to the caller who sends them",
    _PAGE,
    hooks=("create_bucket", *SEGMENTED),
    wants=("other_credentials",),
)
def _parts(run: Run) -> None:
    name = run.backend.blob_name(f"{run.prefix}parallel")
    callers = _both(run)
    buckets = [run.standing("buckets", who).id for who in callers]
    uploads = [Parts(who, bucket, name) for who, bucket in zip(callers, buckets, strict=True)]
    contents = [{number: bytes([65 + one * 10 + number]) * PART for number in (1, 2)} for one in (0, 1)]
    work: list[Callable[[], None]] = [
        lambda one=one, number=number: uploads[one].write(number, contents[one][number])  # type: ignore[misc]
        for number in (1, 2)
        for one in (0, 1)
    ]
    _at_once(work)
    for one, who in enumerate(callers):
        uploads[one].finish()
        seen = whole(who.call("read_blob", bucket_id=buckets[one], blob_id=name, byte_range=None))
        expect(seen == contents[one][1] + contents[one][2], "made a blob out of other parts than its caller has sent")


def _at_once(work: list[Callable[[], None]]) -> None:
    with restless(), ThreadPoolExecutor(len(work)) as threads:
        for done in [threads.submit(one) for one in work]:
            done.result()
