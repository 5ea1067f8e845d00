"""Places, sizes, images, servers and keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from fakecloud.asking import Answer, Asked, RefusedError, found, page, shown
from fakecloud.state import IMAGES, PLACES, SIZES, Account, FakeCloud, Record

FIXED = {"places": PLACES, "sizes": SIZES, "images": IMAGES}
ACTIONS = {"start": ("down", "starting"), "stop": ("up", "down"), "reboot": ("up", "up")}
"""The state that an action begins in, and where it leads."""


def servers(cloud: FakeCloud, account: Account, asked: Asked) -> Answer:
    """Everything below ``/servers``."""
    match asked.method, asked.path[1:]:
        case "GET", ():
            return page(map(_seen, account.servers.values()), "id", asked)
        case "POST", ():
            return shown(_seen(_launched(cloud, account, asked.document())), 201)
        case "GET", (server_id,):
            return shown(_seen(found(account.servers, server_id)))
        case "DELETE", (server_id,):
            del account.servers[found(account.servers, server_id)["id"]]
            return Answer(204)
        case "POST", (server_id, action) if action in ACTIONS:
            return shown(_seen(_acted(found(account.servers, server_id), action)))
    raise RefusedError(404, "no_such_thing")


def keys(_cloud: FakeCloud, account: Account, asked: Asked) -> Answer:
    """Everything below ``/keys``."""
    match asked.method, asked.path[1:]:
        case "GET", ():
            return page(account.keys.values(), "name", asked)
        case "POST", ():
            name = asked.document()["name"]
            if name in account.keys:
                raise RefusedError(409, "name_taken")
            account.keys[name] = {"name": name, "fingerprint": f"00:11:22:{len(account.keys):02x}"}
            return shown({**account.keys[name], "private": f"private part of {name}"}, 201)
        case "DELETE", (name,):
            del account.keys[found(account.keys, name)["name"]]
            return Answer(204)
    raise RefusedError(404, "no_such_thing")


def _launched(cloud: FakeCloud, account: Account, wanted: Record) -> Record:
    server_id = f"server-{next(cloud.numbers):04}"
    account.servers[server_id] = {
        "id": server_id,
        "name": wanted["name"] or server_id,
        "status": "starting",
        "image": _known(IMAGES, wanted["image"]),
        "size": _known(SIZES, wanted["size"] or SIZES[0]["id"]),
        "place": _known(PLACES, wanted["place"] or PLACES[0]["id"]),
        "key": wanted["key"] and found(account.keys, wanted["key"])["name"],
        "created": datetime.now(UTC).isoformat(),
        "addresses": ["192.0.2.7"],
    }
    return account.servers[server_id]


def _known(things: Iterable[Record], wanted: str) -> str:
    return str(found({one["id"]: one for one in things}, wanted)["id"])


def _seen(server: Record) -> Record:
    """A server as it is now; one that starts has started when somebody looks again."""
    now = dict(server)
    if server["status"] == "starting":
        server["status"] = "up"
    return now


def _acted(server: Record, action: str) -> Record:
    begins, ends = ACTIONS[action]
    if server["status"] != begins:
        raise RefusedError(409, "wrong_state")
    server["status"] = ends
    return server
