"""The HTTP front end at ``/api``: tables of operations, their checks, and their answers in XML, JSON and HTML."""
