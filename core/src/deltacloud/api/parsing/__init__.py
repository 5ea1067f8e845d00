"""Parsers and printers of what travels over HTTP: plain functions of text, bytes and file-like objects.

Nothing here knows the web framework, the kernel or a driver. Every parser answers any input with a value or with one of
:mod:`deltacloud.errors`, in linear time and bounded memory; what a printer writes, its parser reads back.
"""
