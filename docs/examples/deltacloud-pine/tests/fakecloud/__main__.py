"""``cd tests && python -m fakecloud``: the cloud by itself, to try the driver by hand."""

from __future__ import annotations

import sys
from threading import Event

from fakecloud.server import running

PORT = 8200

with running(int(sys.argv[1]) if sys.argv[1:] else PORT) as cloud:
    print(f"{cloud.url} until Ctrl-C", flush=True)  # noqa: T201 - a command
    for account, state in cloud.accounts.items():
        print(f"account {account}, access key {state.access_key}", flush=True)  # noqa: T201 - they open nothing else
    try:
        Event().wait()
    except KeyboardInterrupt:
        sys.exit()
