"""An engine with a state, as the contract kit is told of it."""

from __future__ import annotations

from collections.abc import Mapping

from deltacloud.hardware import fixed, span
from deltacloud.models import HardwareProfile, Image, Realm
from deltacloud.testing import Backend, Variant
from ovirtcloud import Engine
from ovirtcloud.state import BLANK, PASSWORDS

_PAGE = 2


def backend_of(engine: Engine, user: str, other: str | None, *, filtered: bool) -> Backend:
    """The driver in the first data centre, as a user sees it.

    Args:
        engine: The engine.
        user: Who calls.
        other: Another tenant; None where there is none.
        filtered: Whether they have the view of users.
    """
    state = engine.state
    rocky, beta = state.template("Rocky 9"), state.clusters[0]

    def provider(url: str) -> str:
        return engine.provider(0, user=filtered).replace(engine.url, url)

    def ids(collection: str) -> list[str] | None:
        things: Mapping[str, list[str]] = {
            "instances": [one.id for one in state.machines if not filtered or one.owner == user],
            "images": [one.id for one in state.templates if state.center_of(one.cluster) == state.centers[0].id]
            + [BLANK],
            "storage_volumes": [one.id for one in state.disks if not filtered or one.owner == user],
        }
        return things.get(collection)

    def launched_with(instance: str) -> Mapping[str, object]:
        machine = next(one for one in state.machines if one.id == instance)
        return {"user_data": machine.initialization["custom_script"].encode()}

    return Backend(
        driver="rhevm",
        provider=provider(engine.url),
        credentials=(user, PASSWORDS[user]),
        wrong_credentials=(user, "not the password"),
        other_credentials=None if other is None else (other, PASSWORDS[other]),
        image=rocky.id,
        realm=beta.id,
        hardware_profile="SERVER",
        known=(
            HardwareProfile(
                id="SERVER",
                properties=(
                    span("cpu", 1, 16, 1), span("memory", 512, 32768, 512), span("storage", 1, 102400, 1),
                    fixed("architecture", "x86_64"),
                ),
            ),
            Image(id=rocky.id, name="Rocky 9", description="Rocky Linux 9", architecture="x86_64", state="OK"),
            Image(id=state.template("Rocky 9", 2).id, name="Rocky 9 (with podman)"),
            Realm(id=beta.id, name="beta", state="AVAILABLE"),
        ),
        ids=ids,
        launched_with=launched_with,
        user_data=b"#cloud-config\r\npackages: [nginx]  # \xc3\xa9 & <more>\n",
        public=frozenset({"hardware_profiles"}),
        small_pages=Variant(settings={"page-size": _PAGE}),
        page_size=_PAGE,
        unpaged=frozenset({"realms", "hardware_profiles", "networks"}),
        endpoint=engine.url,
        at=lambda url: Variant(provider=provider(url)),
        same_process=True,
        patience=10,
    )  # fmt: skip
