"""Secrets that can be found again, sent into a server in every way, and the search for them in all that it leaves.

:mod:`canaries.spelling` makes them, :mod:`canaries.attempts` and :mod:`canaries.malformed` send them,
:mod:`canaries.search` finds them in any spelling, :mod:`canaries.places` and :mod:`canaries.probe` look where they may
have got to. :mod:`canaries.planting` plants some, which proves that they are found.
"""
