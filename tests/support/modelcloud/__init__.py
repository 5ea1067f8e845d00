"""A client of the mock cloud that keeps a model of what it has there, and holds every answer against it.

* :mod:`modelcloud.caller` talks HTTP, in every way that the API understands;
* :mod:`modelcloud.readings` reads what XML and JSON say, as the same plain records;
* :mod:`modelcloud.tenant` is the model: what must be there, and how every list and document is held against it;
* the ``*_rules`` modules say what each operation does to the model, and which refusals it meets;
* :mod:`modelcloud.machine` puts them together to one Hypothesis state machine;
* ``python -m modelcloud`` runs that machine as a process of its own.
"""
