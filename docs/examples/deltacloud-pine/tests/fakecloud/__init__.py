"""A small cloud that lives in a process: what the driver talks to until it is led to a real one."""

from fakecloud.server import running
from fakecloud.state import FakeCloud

__all__ = ["FakeCloud", "running"]
