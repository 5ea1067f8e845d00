"""What a command on an instance printed."""

from __future__ import annotations

from deltacloud.api.representations.encoding import encode
from deltacloud.api.representations.markup import text
from deltacloud.api.representations.view import View, located
from deltacloud.models import CommandOutput


def command_output_xml(view: View, instance_id: str, command: str, result: CommandOutput) -> bytes:
    """The answer to running a command, in XML: without a declaration, and without line ends after the output."""
    address = "" if result.address is None else f"  <public_address>\n    {text(result.address)}\n  </public_address>\n"
    return (
        f"<instance {located(view.collection('instances'), instance_id)}>\n"
        f"{address}"
        f"  <command>\n    {text(command)}\n  </command>\n"
        f"  <output>{text(result.output.rstrip(chr(10)))}</output>\n"
        "</instance>\n"
    ).encode()


def command_output_json(instance_id: str, command: str, result: CommandOutput) -> bytes:
    """The answer to running a command, in JSON, with the output as it is."""
    fields = {"id": instance_id, "public_address": result.address, "command": command, "output": result.output}
    return encode({"instance": fields})
