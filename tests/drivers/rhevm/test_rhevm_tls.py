"""HTTPS: each installation has an authority of its own, and nothing turns verification off."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from deltacloud.kernel import GatewaySettings, LoadedDriver
from deltacloud.kernel.discovery import Unloadable
from deltacloud_rhevm import RhevmDriver
from ovirtapi import Api
from ovirtcloud import Engine


def _file(authority: trustme.CA, folder: Path) -> str:
    path = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def test_an_installations_own_authority_is_trusted_for_it(secure_engine: Engine, certificates: Path) -> None:
    secure_engine.state.add_machine("web")
    api = Api(secure_engine.provider(0), {"ca-files": {"127.0.0.1": str(certificates)}})
    assert api.states() == {"web": "STOPPED"}
    assert api.post("/instances", image_id=secure_engine.state.template("Rocky 9").id).status == 201


def test_one_file_may_serve_all_installations(secure_engine: Engine, certificates: Path) -> None:
    assert Api(secure_engine.provider(0), {"ca-file": str(certificates)}).get("/realms").status == 200


def test_without_it_nobody_is_asked_anything(secure_engine: Engine) -> None:
    answer = Api(secure_engine.provider(0)).get("/realms")
    assert answer.status == 502
    assert "certificate" in answer.json["message"]
    assert secure_engine.state.logins == 0


def test_the_authority_of_one_installation_vouches_for_no_other(
    secure_engine: Engine, certificates: Path, tmp_path: Path
) -> None:
    other = _file(trustme.CA(), tmp_path)
    files = {"127.0.0.1": other, "rhevm.example.com": str(certificates)}
    assert Api(secure_engine.provider(0), {"ca-files": files}).get("/realms").status == 502
    assert secure_engine.state.logins == 0


def test_a_certificate_for_another_name_is_refused(secure_engine: Engine, certificates: Path) -> None:
    provider = secure_engine.provider(0).replace("127.0.0.1", "localhost")
    answer = Api(provider, {"ca-files": {"localhost": str(certificates)}}).get("/realms")
    assert answer.status == 502
    assert "another host name" in answer.json["message"]


def test_a_file_that_is_not_there_is_known_at_once(tmp_path: Path) -> None:
    settings = GatewaySettings(drivers={"rhevm": {"ca-files": {"rhevm.example.com": str(tmp_path / "none.pem")}}})
    with pytest.raises(Unloadable, match=r"that of rhevm\.example\.com holds no certificates"):
        LoadedDriver("rhevm", RhevmDriver, settings)
