"""What an answer decided is sent and expected from then on."""

from __future__ import annotations

from carried import Carried
from changes import NEW_INSTANCE
from exchanges import Answer, Exchange, Request

API = "http://localhost:3001/api"


def answer(body: str = "", location: str = "", status: int = 201) -> Answer:
    return Answer(status, (("Location", API + location),) if location else (), body.encode())


def asks(method: str, path: str, recorded: Answer | None) -> Exchange:
    return Exchange("a", 1, "mock", Request(method, path, (), b""), recorded)


def test_an_id_with_a_clock_is_carried_into_requests_and_answers() -> None:
    carried = Carried()
    carried.learn_ids(
        answer("id='volume_1795422475' Volumevolume_1795422475"), answer("id='volume_1800000000' volume_1800000000")
    )
    asked = carried.request(Request("GET", "/api/storage_volumes/volume_1795422475", (), b""))
    assert asked.path == "/api/storage_volumes/volume_1800000000"
    assert carried.answer(answer("Volumevolume_1795422475 volume_17954224750")).body == (
        b"Volumevolume_1800000000 volume_17954224750"
    )


def test_the_length_of_a_body_follows_what_is_carried() -> None:
    carried = Carried()
    carried.learn_ids(answer("net_1795422475"), answer("net_17954224751"))
    body = b"network_id=net_1795422475"
    asked = carried.request(Request("POST", "/api/subnets", (("Content-Length", str(len(body))),), body))
    assert asked.header("Content-Length") == str(len(asked.body)) == str(len(body) + 1)


def test_ids_of_one_family_are_not_taken_for_another() -> None:
    carried = Carried()
    carried.learn_ids(answer("subnet_1795422475 net_1795422476"), answer("net_1800000001 subnet_1800000002"))
    assert carried.answer(answer("net_1795422476 subnet_1795422475")).body == b"net_1800000001 subnet_1800000002"


def test_a_bound_id_is_not_bound_again() -> None:
    carried = Carried()
    carried.learn_ids(answer("volume_1795422475"), answer("volume_1800000000"))
    carried.learn_ids(answer("volume_1795422475"), answer("volume_1900000000"))
    assert carried.answer(answer("volume_1795422475")).body == b"volume_1800000000"


def test_a_new_instance_has_the_lowest_free_number() -> None:
    carried = Carried()
    made = asks("POST", "/api/instances", answer(location="/instances/inst9"))
    assert not carried.learn_instance(made, answer(location="/instances/inst4"))
    assert carried.answer(answer("inst9 inst90 img1.inst9.public.com")).body == b"inst4 inst90 img1.inst4.public.com"
    assert carried.learn_instance(made, answer(location="/instances/inst6"))


def test_the_number_of_a_destroyed_instance_is_free_again() -> None:
    carried = Carried()
    assert not carried.learn_instance(asks("DELETE", "/api/instances/inst1", answer()), answer(status=204))
    made = asks("POST", "/api/instances", answer(location="/instances/inst1"))
    assert not carried.learn_instance(made, answer(location="/instances/inst1"))


def test_an_instance_that_only_we_have_made_can_be_named() -> None:
    carried = Carried()
    assert not carried.learn_instance(asks("POST", "/api/instances", answer()), answer(location="/instances/inst4"))
    assert carried.answer(answer(NEW_INSTANCE)).body == b"inst4"


def test_an_instance_that_we_refused_is_nobodys() -> None:
    carried = Carried()
    refused = asks("POST", "/api/instances", answer(location="/instances/inst4"))
    assert not carried.learn_instance(refused, answer(status=400))
    assert carried.answer(answer("inst4")).body == b"inst4-was-refused"
