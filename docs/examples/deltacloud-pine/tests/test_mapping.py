"""The words of the cloud become those of Deltacloud."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import requests
from deltacloud.secret import Secret

from deltacloud_pine import mapping, records
from deltacloud_pine.errors import ERRORS, translate

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "state"), [("starting", "PENDING"), ("up", "RUNNING"), ("down", "STOPPED"), ("on fire", "ERROR")]
)
def test_a_status_is_shown_in_deltaclouds_words(status: str, state: str) -> None:
    server = records.Server(
        id="s",
        name="web",
        status=status,
        image="i",
        size="z",
        place="p",
        key=None,
        created=NOW,
        addresses=("192.0.2.7",),
    )
    assert mapping.instance_from(server, "ann").state == state


def test_memory_is_in_megabytes() -> None:
    profile = mapping.profile_from(records.Size(id="small", cores=1, memory=2, disk=20))
    assert [(one.name, one.value) for one in profile.properties] == [("cpu", 1), ("memory", 2048), ("storage", 20)]


def test_the_private_part_of_a_key_is_a_secret() -> None:
    assert mapping.key_from(records.Key(name="k", fingerprint="00", private="hidden")).pem == Secret("hidden")
    assert mapping.key_from(records.Key(name="k", fingerprint="00")).pem is None


def test_a_file_is_shown_with_its_labels() -> None:
    file = records.File(name="a/b", bytes=3, type="text/plain", changed=NOW, labels={"colour": "blue"})
    blob = mapping.blob_from(file, "box")
    assert (blob.id, blob.content_length, blob.user_metadata) == ("a/b", 3, (("colour", "blue"),))


@pytest.mark.parametrize("word", ERRORS)
def test_the_clouds_word_for_an_error_is_translated_and_shown(word: str) -> None:
    answer = requests.Response()
    answer.status_code, answer._content = 400, f'{{"error": "{word}"}}'.encode()
    error = translate(requests.HTTPError(response=answer))
    assert type(error) is ERRORS[word]
    assert error.backend_code == word
