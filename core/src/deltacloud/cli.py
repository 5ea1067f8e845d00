"""The entry point of ``deltacloudd``.

gevent must replace the blocking parts of the standard library before anything else is imported: a TLS library that is
imported earlier runs into endless recursion.
"""

from gevent import monkey

monkey.patch_all()

from deltacloud.server.command import main  # noqa: E402 - see above

__all__ = ["main"]

if __name__ == "__main__":
    main()
