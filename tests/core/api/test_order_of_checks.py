"""What is refused first: 406, 400 or 500 for the driver, 412, 401, 403, 400; then the driver is asked."""

from __future__ import annotations

import pytest

from apiclient import Client


def test_a_format_that_nobody_has_is_refused_before_anything_happens(client: Client) -> None:
    answer = client("DELETE", "/api/keys/test-key", accept="image/png")
    assert answer.status == 406
    assert client("GET", "/api/keys/test-key").status == 200


def test_an_unknown_driver_is_a_bad_request_that_says_what_is_installed(client: Client) -> None:
    answer = client("GET", "/api/realms", x_deltacloud_driver="nosuch")
    assert answer.status == 400
    assert answer.json["message"].startswith("Driver 'nosuch' is not available (")
    assert "mock" in answer.json["message"]
    assert answer.headers["x-deltacloud-driver"] == "nosuch"


def test_the_list_of_drivers_works_whatever_driver_is_selected(client: Client) -> None:
    answer = client("GET", "/api/drivers", x_deltacloud_driver="nosuch", user=None)
    assert answer.status == 200
    assert answer.json["mock"]["name"] == "Mock"


def test_a_missing_capability_comes_before_missing_credentials(client: Client) -> None:
    answer = client("POST", "/api/firewalls", "", user=None, x_deltacloud_driver="lean")
    assert answer.status == 412
    assert answer.headers["expect"] == "create_firewall"
    assert answer.json["message"] == "The required capability to execute this operation is missing"


def test_missing_credentials_come_before_missing_parameters(client: Client) -> None:
    answer = client("POST", "/api/instances", "", user=None)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith('Basic realm="mock-deltacloud@')


def test_missing_parameters_come_before_rejected_credentials(client: Client) -> None:
    answer = client("POST", "/api/instances", "name=x", user=("mockuser", "wrong"))
    assert answer.status == 400
    assert answer.json["message"] == "Required parameter 'image_id' not found in [name]"


def test_rejected_credentials_are_challenged(client: Client) -> None:
    answer = client("POST", "/api/keys", "name=x", user=("mockuser", "wrong"))
    assert answer.status == 401
    assert "www-authenticate" in answer.headers


@pytest.mark.parametrize(
    "path", ["/api", "/api/drivers", "/api/hardware_profiles", "/api/instance_states", "/api/docs"]
)
def test_public_pages_need_no_credentials(client: Client, path: str) -> None:
    assert client("GET", path, user=None, accept="text/html").status == 200


def test_an_unknown_path_is_404_and_a_wrong_method_405_with_the_right_ones(client: Client) -> None:
    assert client("GET", "/api/nosuch").status == 404
    answer = client("PUT", "/api/realms", user=None)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_trailing_slash_is_another_place(client: Client) -> None:
    assert client("GET", "/api/").status == 200
    assert client("GET", "/api/instances/").status == 404
    assert client("GET", "//api//realms").status == 200
