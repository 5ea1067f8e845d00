"""Load balancers."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import msgspec

from deltacloud.api.answers import Listed, Shown
from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.handlers import index, show
from deltacloud.api.operations import ID, Collection, Operation, number, text
from deltacloud.inputs import NewLoadBalancer
from deltacloud.models import Instance, Listener, LoadBalancer, Model

_LIST = index("load_balancers")
_ONE = show("load_balancers", "load_balancer", "load_balancer_id")


def _new(exchange: Exchange) -> NewLoadBalancer:
    values = exchange.parameters
    listener = Listener(
        protocol=values.text("listener_protocol") or "",
        load_balancer_port=values.integer("listener_balancer_port") or 0,
        instance_port=values.integer("listener_instance_port") or 0,
    )
    return NewLoadBalancer(
        name=values.text("name") or "", realm_id=values.text("realm_id") or "", listeners=(listener,)
    )


def with_instances(exchange: Exchange, balancer: LoadBalancer) -> LoadBalancer:
    """JSON shows whole instances: those that the driver gave as ids are read, the others stay."""
    if exchange.format != "json" or not any(isinstance(one, str) for one in balancer.instances):
        return balancer
    return msgspec.structs.replace(
        balancer, instances=tuple(_read(exchange, one) if isinstance(one, str) else one for one in balancer.instances)
    )


def _read(exchange: Exchange, identifier: str) -> Instance:
    return cast("Instance", exchange.find("get_instance", "list_instances", "instance_id", identifier))


def _index(exchange: Exchange) -> Listed:
    answer = _LIST(exchange)
    items: list[Model] = [with_instances(exchange, cast("LoadBalancer", one)) for one in answer.items]
    return Listed(answer.collection, items, answer.next_marker)


def _show(exchange: Exchange) -> Shown:
    balancer = cast("LoadBalancer", _ONE(exchange).item)
    return Shown("load_balancers", with_instances(exchange, balancer))


def _membership(hook: str) -> Callable[[Exchange], Shown]:
    def handler(exchange: Exchange) -> Shown:
        identifier = exchange.ids["id"]
        balancer = exchange.call(hook, load_balancer_id=identifier, instance_id=exchange.parameters.text("instance_id"))
        return Shown(
            "load_balancers",
            with_instances(exchange, balancer),
            browser=exchange.path("load_balancers", identifier),
        )

    return handler


def _member_action(name: str, hook: str, expect: str, help_text: str) -> Operation:
    return Operation(
        name=name,
        method="POST",
        path=f"/load_balancers/{{id}}/{name}",
        handler=_membership(hook),
        help=help_text,
        needs=(hook,),
        expect=expect,
        parameters=(ID, text("instance_id", "The instance", required=True)),
        action=True,
    )


LOAD_BALANCERS = Collection(
    name="load_balancers",
    singular="load_balancer",
    title="Load balancers",
    help="Spreads traffic over instances",
    operations=(
        rows.replaced(rows.index("load_balancers", "the load balancers"), _index),
        rows.replaced(rows.show("load_balancers", "load_balancer", expect="load_balancer"), _show),
        rows.create(
            "load_balancers",
            "load_balancer",
            _new,
            text("name", "Name of the new load balancer", required=True),
            text("realm_id", "The realm", required=True),
            text("listener_protocol", "HTTP, TCP, or what else the cloud knows", required=True),
            number("listener_balancer_port", "Port that it listens on", required=True, minimum=1),
            number("listener_instance_port", "Port of the instances", required=True, minimum=1),
            browse=True,
        ),
        rows.destroy("load_balancers", "load_balancer"),
        _member_action("register", "register_with_load_balancer", "lb_register_instance", "Put an instance behind it"),
        _member_action(
            "unregister", "unregister_from_load_balancer", "lb_unregister_instance", "Take an instance from behind it"
        ),
    ),
)
