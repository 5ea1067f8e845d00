"""The table of operations, which the recorder holds the tests to, is what stands in the drivers' source."""

from __future__ import annotations

import ast
from pathlib import Path

import botocore.session
from botocore import xform_name

from awscloud.operations import OPERATIONS

_PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
_SERVICES = ("cloudwatch", "ec2", "elb", "elbv2", "s3", "ssm")


def _words(source: str) -> set[str]:
    """All names of attributes and all constant texts."""
    nodes = list(ast.walk(ast.parse(source)))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return texts | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _in_source() -> set[str]:
    folders = [_PLUGINS / f"deltacloud-{name}" / "src" for name in ("ec2", "eucalyptus", "google")]
    sources = [path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py")]
    return set().union(*map(_words, sources))


def test_the_table_of_operations_is_what_the_source_can_ask_for() -> None:
    session = botocore.session.Session()
    known = {
        service: {xform_name(name) for name in session.get_service_model(service).operation_names}
        for service in _SERVICES
    }
    hooks = {"create_image", "create_load_balancer", "associate_address", "disassociate_address"}
    words = _in_source()
    used = {word for names in known.values() for word in names & words} - hooks
    assert used == {entry.partition(".")[2] for entry in OPERATIONS} - hooks
    assert {entry for entry in OPERATIONS if entry.partition(".")[2] not in known[entry.partition(".")[0]]} == set()
