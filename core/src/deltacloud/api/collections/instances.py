"""Instances: machines, their life and what can be done with them."""

from __future__ import annotations

from typing import cast

from deltacloud.api import documents
from deltacloud.api.answers import Answer, Document, Done, Listed, SeeOther, Shown
from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.hardware import chosen
from deltacloud.api.operations import ID, STATE_FILTER, Collection, Handler, Operation, text
from deltacloud.api.parsing.families import HARDWARE_PARAMETERS
from deltacloud.errors import ActionNotAllowed, Forbidden, NotFound
from deltacloud.inputs import Command, NewInstance
from deltacloud.models import CommandOutput, Instance
from deltacloud.parameters import Parameter


def _new(exchange: Exchange) -> NewInstance:
    values = exchange.parameters
    profile, hardware = chosen(exchange)
    snapshot, device = values.text("snapshot_id"), values.text("device_name")
    return NewInstance(
        image_id=values.text("image_id") or "",
        name=values.text("name"),
        realm_id=values.text("realm_id") or None,
        hardware_profile_id=profile,
        hardware=hardware,
        key_name=values.text("keyname") or None,
        password=values.secret("password"),
        user_data=values.decoded("user_data"),
        user_files=values.user_files(text_is_base64=_sends_base64(exchange)),
        user_iso=values.unzipped("user_iso"),
        firewall_ids=values.firewall_ids(),
        count=values.integer("instance_count") or 1,
        monitoring=bool(values.text("metrics")),
        snapshot=(snapshot, device) if snapshot and device else None,
        sandbox=values.text("sandbox") or None,
        subnet_id=values.text("subnet_id") or None,
        load_balancer_id=values.text("load_balancer_id") or None,
        tags=values.tags(),
    )


def _sends_base64(exchange: Exchange) -> bool:
    feature = exchange.driver.features.get("user_files")
    return feature is not None and ("content", "base64") in feature.constraints


def _create(exchange: Exchange) -> Answer:
    created: Instance | tuple[Instance, ...] = exchange.call("create_instance", new=_new(exchange))
    if isinstance(created, Instance):
        return Shown("instances", created, 201, located=True)
    if len(created) == 1:
        return Shown("instances", created[0], 201, located=True)
    return Listed("instances", list(created), status=201)


def _read(exchange: Exchange) -> Instance:
    """The instance of an action; an unknown one is Forbidden, as it always was."""
    try:
        return cast("Instance", exchange.find("get_instance", "list_instances", "instance_id", exchange.ids["id"]))
    except NotFound:
        raise Forbidden from None


def _allowed(exchange: Exchange, instance: Instance, action: str) -> None:
    states = exchange.driver.states
    offered = instance.actions
    if offered is None:
        offered = states.actions(instance.state) if states is not None else (action,)
    if action not in offered:
        raise ActionNotAllowed


def _act(action: str) -> Handler:
    hook = f"{action}_instance"

    def handler(exchange: Exchange) -> Answer:
        instance = _read(exchange)
        _allowed(exchange, instance, action)
        after: Instance | None = exchange.call(hook, instance=instance)
        if action == "destroy":
            return Done(browser=exchange.path("instances"))
        if after is None:
            return SeeOther(exchange.path("instances", instance.id))
        return Shown("instances", after, 202, bare=True)

    return handler


def _run(exchange: Exchange) -> Document:
    values = exchange.parameters
    command = Command(
        command=values.text("cmd") or "",
        username=values.text("username") or None,
        password=values.secret("password"),
        private_key=values.secret("private_key"),
        address=values.text("ip") or None,
        port=values.integer("port") or 22,
    )
    instance = _read(exchange)
    output: CommandOutput = exchange.call("run_on_instance", instance=instance, command=command)
    return documents.command_output(exchange, instance.id, command.command, output)


def _action(name: str, help_text: str) -> Operation:
    return Operation(
        name=name,
        method="POST",
        path=f"/instances/{{id}}/{name}",
        handler=_act(name),
        help=help_text,
        needs=(f"{name}_instance",),
        expect=f"{name}_instance",
        parameters=(ID,),
        status=202,
        action=True,
        shape="bare",
    )


INSTANCES = Collection(
    name="instances",
    singular="instance",
    title="Instances",
    help="A machine that runs in the cloud",
    operations=(
        rows.index("instances", "the instances", STATE_FILTER),
        rows.show("instances", "instance"),
        rows.replaced(
            rows.create(
                "instances",
                "instance",
                _new,
                text("image_id", "The image to launch", required=True),
                text("realm_id", "The realm to launch in"),
                text("hwp_id", "The hardware profile"),
                *HARDWARE_PARAMETERS,
                text("keyname", "The key to authorise"),
                text("subnet_id", "The subnet to launch in"),
            ),
            _create,
        ),
        _action("start", "Start a stopped instance"),
        _action("stop", "Stop a running instance"),
        _action("reboot", "Restart a running instance"),
        rows.replaced(rows.destroy("instances", "instance"), _act("destroy")),
        Operation(
            name="run",
            method="POST",
            path="/instances/{id}/run",
            handler=_run,
            help="Run a command on the instance",
            needs=("run_on_instance",),
            expect="run_on_instance",
            parameters=(
                ID,
                text("cmd", "The command", required=True),
                Parameter(name="private_key", secret=True, help="Private key to log in with, in PEM form"),
                Parameter(name="password", secret=True, help="Password to log in with"),
                text("ip", "Address to reach it by, instead of its first public one"),
                Parameter(name="port", type="integer", minimum=1, maximum=65535, help="Port, 22 unless given"),
                text("username", "User to log in as"),
            ),
            action=True,
            form="/instances/{id}/run",
            shape="other",
        ),
    ),
)
