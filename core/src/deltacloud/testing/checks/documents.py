"""The way through the HTTP API: what the models say is what clients read, in XML and in JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from deltacloud.testing.check import REFERENCE, check, check_each, expect
from deltacloud.testing.checks.blobs import NAMES, WRITING, bucket, name_of
from deltacloud.testing.life import lasting
from deltacloud.testing.resources import RESOURCES, Resource
from deltacloud.testing.run import Run
from deltacloud.testing.wsgi import Answer, request

_PAGE = (REFERENCE, "Models")
_FEW = 10
_TEXTS = ("name", "state", "description")
"""Fields that both formats show as they are."""
_NO_NAME = ("storage_snapshots", "name")
"""What XML shows of it is the id."""


def _ask(run: Run, method: str, path: str, **options: Any) -> Answer:  # noqa: ANN401 - as request has them
    headers = {"X-Deltacloud-Driver": run.backend.driver, **options.pop("headers", {})}
    if run.backend.provider is not None:
        headers["X-Deltacloud-Provider"] = run.backend.provider
    return request(run.application, method, path, run.backend.credentials, headers=headers, **options)


def _both(run: Run, path: str) -> tuple[ElementTree.Element, Any]:
    """A document in both formats."""
    answers = [_ask(run, "GET", path, accept=f"application/{one}") for one in ("xml", "json")]
    for answer in answers:
        expect(answer.status == 200, f"makes GET {path} answer {answer.status}: {answer.body[:120]!r}")  # noqa: PLR2004 - all is well
    return answers[0].xml, answers[1].json


@check_each(
    RESOURCES.values(),
    "documents",
    "what the models say is what clients read, in XML and JSON, in lists and one by one",
    _PAGE,
    hooks=lambda resource: (resource.list_hook,),
)
def _documents(run: Run, resource: Resource) -> None:
    if resource.can_be_made and run.has(resource.create_hook, resource.destroy_hook):
        made = run.make(resource)
        if resource.collection == "instances":
            lasting(run, run.main, made)
    models = {one.id: one for one in run.main.items(resource)}
    xml, json = _both(run, f"/api/{resource.collection}")
    elements = {element.get("id"): element for element in xml if element.tag == resource.singular}
    entries = {entry["id"]: entry for entry in json[resource.collection]}
    for read in (elements, entries):
        expect(set(read) == set(models), f"has other ids in the document of {resource.collection} than in the list")
    for identifier, model in list(models.items())[:_FEW]:
        expect(hasattr(model, "id"), f"gave {model!r:.60} in {resource.list_hook}")
        path = urlsplit(str(elements[identifier].get("href"))).path
        element, entry = _both(run, path)
        for seen in (elements[identifier], element):
            texts = {name: seen.findtext(name) for name in _TEXTS if (resource.collection, name) != _NO_NAME}
            _same(resource, model, {**texts, "id": seen.get("id")})
        for seen in (entries[identifier], entry[resource.singular]):
            _same(resource, model, seen)


def _same(resource: Resource, model: Any, read: dict[str, Any]) -> None:  # noqa: ANN401 - any model
    expect(read["id"] == model.id, f"is read as {resource.singular} {read['id']!r}, and is {model.id!r}")
    for field in _TEXTS:
        value = getattr(model, field, None)
        if isinstance(value, str) and isinstance(read.get(field), str):
            expect(read[field] == value, f"has {field} {value!r}, which is read as {read[field]!r}")


@check("blobs.documents", "blobs pass through the API with their names, contents and metadata", _PAGE, hooks=WRITING)
def _blobs(run: Run) -> None:
    root = f"/api/buckets/{quote(bucket(run), safe='')}"
    for number, text in enumerate(NAMES):
        name, content = name_of(run, f"http/{text}"), f"\x00content {number}".encode()
        path = f"{root}/{quote(name, safe='')}"
        headers = {"Content-Type": "text/x-contract", "X-Deltacloud-Blobmeta-Number": str(number)}
        answer = _ask(run, "PUT", path, body=content, headers=headers)
        expect(answer.status in (200, 201), f"makes PUT of the blob {name!r} answer {answer.status}")
        xml, json = _both(run, path)
        expect(xml.get("id") == name, f"shows the blob {name!r} as {xml.get('id')!r} in XML")
        expect(json["blob"]["id"] == name, f"shows the blob {name!r} as {json['blob']['id']!r} in JSON")
        metadata = json["blob"]["user_metadata"]
        expect(metadata == {"number": str(number)}, f"shows the metadata {metadata} of a blob that was sent a number")
        seen = _ask(run, "GET", f"{path}/content", accept="*/*").body
        expect(seen == content, f"gives {seen[:40]!r} for {content!r}")
    listed = _ask(run, "GET", f"{root}?prefix={quote(name_of(run, 'http/'), safe='')}").json["bucket"]["blob_list"]
    names = sorted(entry["id"] for entry in listed)
    wanted = sorted(name_of(run, f"http/{text}") for text in NAMES)
    expect(names == wanted, "lists other names of blobs than were written")
