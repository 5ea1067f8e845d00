"""The manifests of ``deploy/kubernetes``: valid for Kubernetes, and at one with each other and with the gateway."""

from __future__ import annotations

import ipaddress
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from deltacloud.outbound.addresses import AddressTable, Kind
from deltacloud.server.settings import read_settings
from programs import needed
from yamlfiles import read_yaml

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
VERSIONS = ("1.29", "1.37")
"""The oldest that the manifests are for, and the newest that the validator knows."""
METADATA = (
    "169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
    "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fd00:100::100:200", "fd00:42::42", "fd00:a9fe:a9fe::1",
)  # fmt: skip
"""Where instances of one cloud or another find what only they may know."""


def _manifest(name: str) -> dict[str, Any]:
    (document,) = read_yaml((FOLDER / name).read_text("utf-8"))
    return document


DEPLOYMENT = _manifest("deployment.yaml")
POD = DEPLOYMENT["spec"]["template"]
CONTAINER = POD["spec"]["containers"][0]
PORTS = {port["name"]: port["containerPort"] for port in CONTAINER["ports"]}
SETTINGS = read_settings({"config": str(FOLDER / "config.toml")}, {})


@pytest.mark.doubles
@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_knows_every_field_of_every_manifest(version: str) -> None:
    validator = needed("kubernetes-validate", "the manifests of deploy/kubernetes against the schemas of Kubernetes")
    files = sorted(str(file) for file in FOLDER.glob("*.yaml") if file.name != "kustomization.yaml")
    command = [validator, "--strict", "--kubernetes-version", version, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count("passed") + done.stdout.count("passed") == len(files)


@pytest.mark.doubles
def test_kustomize_builds_them_all_with_the_settings_in_a_map() -> None:
    kubectl = needed("kubectl", "that kustomize builds deploy/kubernetes")
    done = subprocess.run([kubectl, "kustomize", str(FOLDER)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    documents = read_yaml(done.stdout)
    by_kind = {document["kind"]: document for document in documents}
    assert len(documents) == len(_manifest("kustomization.yaml")["resources"]) + 1
    assert tomllib.loads(by_kind["ConfigMap"]["data"]["config.toml"])["server"]["driver"] == "mock"
    volume = by_kind["Deployment"]["spec"]["template"]["spec"]["volumes"][0]
    assert volume["configMap"]["name"] == by_kind["ConfigMap"]["metadata"]["name"]


def test_every_manifest_is_used_but_the_example_of_an_ingress() -> None:
    used = set(_manifest("kustomization.yaml")["resources"])
    there = {file.name for file in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert there - used == {"ingress.yaml"}
    assert used <= there


def test_names_and_labels_find_each_other() -> None:
    labels = POD["metadata"]["labels"].items()
    selectors = [
        DEPLOYMENT["spec"]["selector"]["matchLabels"],
        _manifest("service.yaml")["spec"]["selector"],
        _manifest("disruption.yaml")["spec"]["selector"]["matchLabels"],
        _manifest("networkpolicy.yaml")["spec"]["podSelector"]["matchLabels"],
        *(one["labelSelector"]["matchLabels"] for one in POD["spec"]["topologySpreadConstraints"]),
    ]
    assert all(selector.items() <= labels for selector in selectors)
    assert POD["spec"]["serviceAccountName"] == _manifest("serviceaccount.yaml")["metadata"]["name"]
    target = _manifest("autoscaler.yaml")["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == (DEPLOYMENT["kind"], DEPLOYMENT["metadata"]["name"])
    backend = _manifest("ingress.yaml")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    service = _manifest("service.yaml")
    assert backend["name"] == service["metadata"]["name"]
    assert backend["port"]["name"] in {port["name"] for port in service["spec"]["ports"]}


def test_every_port_is_one_that_the_gateway_listens_on() -> None:
    assert (SETTINGS.port, int(SETTINGS.metrics.rpartition(":")[2])) == (PORTS["http"], PORTS["metrics"])
    probes = [CONTAINER[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")]
    assert {probe["port"] for probe in probes} == {"http"}
    assert {probe["path"] for probe in probes} == {"/healthz", "/readyz"}
    assert {port["targetPort"] for port in _manifest("service.yaml")["spec"]["ports"]} == {"http"}
    assert POD["metadata"]["annotations"]["prometheus.io/port"] == str(PORTS["metrics"])
    ingress = _manifest("networkpolicy.yaml")["spec"]["ingress"]
    assert {port["port"] for rule in ingress for port in rule["ports"]} == set(PORTS)


def test_a_dying_pod_can_finish_what_it_has_begun() -> None:
    pause = int(CONTAINER["lifecycle"]["preStop"]["exec"]["command"][1])
    assert POD["spec"]["terminationGracePeriodSeconds"] >= pause + SETTINGS.graceful_timeout + 10
    assert DEPLOYMENT["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_the_pod_keeps_the_restricted_standard() -> None:
    pod, own = POD["spec"]["securityContext"], CONTAINER["securityContext"]
    assert pod["runAsNonRoot"] is True
    assert pod["runAsUser"] > 0
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert own["allowPrivilegeEscalation"] is False
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert own["readOnlyRootFilesystem"] is True
    assert not {"hostNetwork", "hostPID", "hostIPC"} & POD["spec"].keys()
    assert {name for volume in POD["spec"]["volumes"] for name in volume} <= {"name", "configMap", "emptyDir"}
    assert POD["spec"]["automountServiceAccountToken"] is False
    assert _manifest("namespace.yaml")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_the_gateway_can_write_where_it_must_and_knows_its_processors() -> None:
    mounted = {mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
    assert {"/tmp", "/var/lib/deltacloud"} <= mounted  # noqa: S108 - a path in the container
    assert float(CONTAINER["resources"]["limits"]["cpu"]) == SETTINGS.workers
    assert f"{CONTAINER['args'][1].rpartition('/')[0]}" in mounted


def test_no_policy_opens_a_metadata_service() -> None:
    blocks = [
        (ipaddress.ip_network(to["ipBlock"]["cidr"]), [ipaddress.ip_network(one) for one in to["ipBlock"]["except"]])
        for rule in _manifest("networkpolicy.yaml")["spec"]["egress"]
        for to in rule["to"]
        if "ipBlock" in to
    ]
    for text in METADATA:
        address = ipaddress.ip_address(text)
        assert AddressTable().classify(address) is Kind.NEVER
        for whole, exceptions in blocks:
            assert address not in whole or any(address in one for one in exceptions), text
