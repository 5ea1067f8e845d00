"""Boxes and files."""

from __future__ import annotations

import json

from fakecloud.asking import Answer, Asked, RefusedError, found, page, shown
from fakecloud.state import Account, FakeCloud, File


def boxes(_cloud: FakeCloud, account: Account, asked: Asked) -> Answer:
    """Everything below ``/boxes``."""
    match asked.method, asked.path[1:]:
        case "GET", ():
            return page([{"name": name} for name in account.boxes], "name", asked)
        case "POST", ():
            name = asked.document()["name"]
            if name in account.boxes:
                raise RefusedError(409, "name_taken")
            account.boxes[name] = {}
            return shown({"name": name}, 201)
        case "DELETE", (name,):
            if found(account.boxes, name):
                raise RefusedError(409, "not_empty")
            del account.boxes[name]
            return Answer(204)
        case _, (name, "files", *rest):
            return _files(found(account.boxes, name), rest, asked)
    raise RefusedError(404, "no_such_thing")


def _files(box: dict[str, File], path: list[str], asked: Asked) -> Answer:
    match asked.method, path:
        case "GET", []:
            begin = asked.query.get("begin", "")
            return page([file.about(name) for name, file in box.items() if name.startswith(begin)], "name", asked)
        case "PUT", [name]:
            box[name] = File(asked.body, asked.headers["Content-Type"], json.loads(asked.headers["Labels"]))
            return shown(box[name].about(name), 201)
        case "GET", [name]:
            file = found(box, name)
            return Answer(200, file.content, {"Content-Type": file.type})
        case "GET", [name, "about"]:
            return shown(found(box, name).about(name))
        case "DELETE", [name]:
            box.pop(name, None)
            return Answer(204)
    raise RefusedError(404, "no_such_thing")
