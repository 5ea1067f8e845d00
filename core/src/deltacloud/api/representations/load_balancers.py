"""Load balancers."""

from __future__ import annotations

from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.instances_json import instance_json
from deltacloud.api.representations.markup import attribute, text, timestamp, utc
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.view import View, link, located
from deltacloud.models import Instance, Listener, LoadBalancer


def load_balancer_xml(view: View, indent: str) -> Callable[[LoadBalancer], str]:
    """Makes the writer of one document's load balancers. Of several realms the first is shown."""
    inner, inmost = f"{indent}  ", f"{indent}    "
    balancers, realms = view.collection("load_balancers"), view.collection("realms")
    can_destroy = "destroy_load_balancer" in view.hooks
    can_register = "register_with_load_balancer" in view.hooks

    def write(balancer: LoadBalancer) -> str:
        href = f"{balancers}/{segment(balancer.id)}"
        destroy = f"{inmost}<link href='{href}' method='delete' rel='destroy' />\n" if can_destroy else ""
        register = f"{inmost}<link href='{href}/register' method='post' rel='register' />\n" if can_register else ""
        addresses = "".join([f"{inmost}<address>{text(one)}</address>\n" for one in balancer.public_addresses])
        time = balancer.created_at
        created = "" if time is None else f"{inner}<created_at>{timestamp(time)}</created_at>\n"
        realm = f"{inner}<realm {located(realms, balancer.realm_ids[0])}></realm>\n" if balancer.realm_ids else ""
        return (
            f"{indent}<load_balancer href='{href}' id='{attribute(balancer.id)}'>\n"
            f"{inner}<actions>\n{destroy}{register}{inner}</actions>\n"
            f"{inner}<public_addresses>\n{addresses}{inner}</public_addresses>\n"
            f"{created}{realm}"
            f"{inner}<listeners>\n{''.join([_listener(one, inmost) for one in balancer.listeners])}"
            f"{inner}</listeners>\n"
            f"{inner}<instances>\n{''.join([_member(view, one, href, inmost) for one in balancer.instances])}"
            f"{inner}</instances>\n"
            f"{indent}</load_balancer>\n"
        )

    return write


def _listener(listener: Listener, indent: str) -> str:
    return (
        f"{indent}<listener protocol='{attribute(listener.protocol)}'>\n"
        f"{indent}  <load_balancer_port>{listener.load_balancer_port}</load_balancer_port>\n"
        f"{indent}  <instance_port>{listener.instance_port}</instance_port>\n"
        f"{indent}</listener>\n"
    )


def _member(view: View, instance: Instance | str, balancer: str, indent: str) -> str:
    ident = instance.id if isinstance(instance, Instance) else instance
    unregister = f"{indent}  <link href='{balancer}/unregister' rel='unregister' />\n"
    return (
        f"{indent}<instance {located(view.collection('instances'), ident)}>\n"
        f"{unregister if 'unregister_from_load_balancer' in view.hooks else ''}"
        f"{indent}</instance>\n"
    )


def load_balancer_json(view: View) -> Callable[[LoadBalancer], dict[str, object]]:
    """Makes the builder of one document's load balancers.

    Instances are shown whole; where the model holds only an id, as a link. Ports are texts, as clients know them.
    """
    build_instance = instance_json(view)

    def member(instance: Instance | str) -> object:
        if isinstance(instance, Instance):
            return build_instance(instance)
        return link(f"{view.api}/instances", instance, "instance")

    def build(balancer: LoadBalancer) -> dict[str, object]:
        return {
            "id": balancer.id,
            "href": f"{view.api}/load_balancers/{segment(balancer.id)}",
            "name": balancer.name,
            "realms": [link(f"{view.api}/realms", realm, "realm") for realm in balancer.realm_ids],
            "listeners": [_listener_json(one) for one in balancer.listeners],
            "instances": [member(one) for one in balancer.instances],
            "public_addresses": balancer.public_addresses,
            "created_at": None if balancer.created_at is None else utc(balancer.created_at),
        }

    return build


def _listener_json(listener: Listener) -> dict[str, object]:
    return {
        "id": None,
        "protocol": listener.protocol,
        "load_balancer_port": str(listener.load_balancer_port),
        "instance_port": str(listener.instance_port),
    }


LOAD_BALANCERS = Representation("load_balancers", "load_balancer", load_balancer_xml, load_balancer_json)
