"""JSON bodies that are none, and that hold what they may not hold."""

from __future__ import annotations

import json

from abusetable.row import JSON, Row, ask, each, family, post

_KEYS, _INSTANCES, _RULES = "/api/keys", "/api/instances", "/api/firewalls/default/rules"


def _json(document: object, target: str = _KEYS) -> bytes:
    return post(target, document if isinstance(document, str | bytes) else json.dumps(document), JSON)


def _nested(depth: int, member: str) -> str:
    return f'{{"{member}":' + "[" * depth + "]" * depth + "}"


def _instance(**members: object) -> bytes:
    return _json({"image_id": "img1", **members}, _INSTANCES)


def _rule(sources: object) -> bytes:
    return _json({"protocol": "tcp", "sources": sources}, _RULES)


_MISSING = Row(status=400, blames="name", says="Required parameter 'name' not found")

JSON_BODIES = (
    *family(
        "json",
        *each(
            Row(status=400),
            {
                "array": _json([]),
                "text": _json('"x"'),
                "number": _json("1"),
                "null": _json("null"),
                "truncated": _json('{"name": "x"'),
                "two-documents": _json("{}{}"),
                "comment": _json('{/* x */"name": "x"}'),
                "trailing-comma": _json('{"name": "x",}'),
                "single-quotes": _json("{'name': 'x'}"),
                "nan": _json('{"name": "x", "more": NaN}'),
                "infinity": _json('{"name": "x", "more": -Infinity}'),
                "ten-thousand-deep": _json(_nested(10_000, "more")),
                "hundred-thousand-deep": _json(_nested(100_000, "name")),
                "deep-objects": _json('{"a":' * 10_000 + "1" + "}" * 10_000),
                "number-without-end": _json('{"more": ' + "9" * 5000 + "}"),
                "number-over-everything": _json('{"name": "x", "more": 1e999}'),
                "lone-surrogate": _json('{"name": "\\ud800"}'),
                "reversed-surrogates": _json('{"name": "\\udc00\\ud800"}'),
                "bom": _json(b'\xef\xbb\xbf{"name": "x"}'),
                "utf-16": _json('{"name": "x"}'.encode("utf-16")),
                "no-utf-8": _json(b'{"name": "\xff"}'),
                "raw-control-characters": _json(b'{"name": "a\x00b\nc"}'),
                "bad-escape": _json('{"name": "\\x41"}'),
                "key-without-quotes": _json("{name: 1}"),
                "thousands-of-members": _json({f"a{number}": 1 for number in range(5000)}),
                "hundred-thousand-entries": _instance(firewalls=["x"] * 100_000),
            },
        ),
        *each(
            _MISSING,
            {
                "empty": ask("POST", _KEYS, kind=JSON),
                "blank": _json(" \n"),
                "no-members": _json({}),
                "null-member": _json({"name": None}),
                "empty-key": _json({"": "x"}),
                "other-case": _json({"NAME": "x"}),
                "deep-enough-to-read": _json(_nested(500, "more")),
                "proto": _json({"__proto__": {"name": "x"}, "constructor": {}}),
            },
        ),
        *each(
            Row(status=400, blames="name"),
            {
                "array-for-a-text": _json({"name": ["x"]}),
                "object-for-a-text": _json({"name": {"x": 1}}),
                "empty-text": _json({"name": ""}),
                "path-for-a-name": _json({"name": "../../etc/passwd"}),
                "last-of-two": _json('{"name": "x", "name": "/"}'),
                "nul": _json({"name": "\0"}),
            },
        ),
        Row(name="object-for-a-list", request=_instance(firewalls={}), status=400, blames="firewalls"),
        Row(name="list-in-a-list", request=_instance(firewalls=[["x"]]), status=400, blames="firewalls"),
        Row(name="text-for-tags", request=_instance(tags="x"), status=400, blames="tags"),
        Row(name="list-in-tags", request=_instance(tags={"a": []}), status=400, blames="tags"),
        Row(name="text-for-files", request=_instance(user_files="x"), status=400, blames="user_files"),
        Row(name="text-in-files", request=_instance(user_files=["x"]), status=400, blames="user_files"),
        Row(
            name="six-files",
            request=_instance(user_files=[{"path": "/a", "content": "x"}] * 6),
            status=400,
            blames="user_files",
        ),
        *each(
            Row(status=400, blames="sources"),
            {
                "text-for-sources": _rule("x"),
                "no-sources": _rule([]),
                "list-in-sources": _rule([[]]),
                "hollow-sources": _rule([{}]),
            },
        ),
        Row(
            name="address-that-is-none",
            request=_rule(["10.0.0.0/8", "0/0"]),
            status=400,
            blames="ip_address2",
        ),
        Row(
            name="hundred-thousand-sources",
            request=_rule(["::1"] * 100_000),
            status=400,
        ),
    ),
)
