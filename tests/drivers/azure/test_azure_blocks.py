"""How contents are cut into blocks: few enough for the cloud, and small enough for this server."""

from __future__ import annotations

import itertools

import pytest

from deltacloud_azure import uploads

MIB, GIB, TIB = 1024**2, 1024**3, 1024**4


def _layout(length: int, *, told: bool) -> list[int]:
    """The sizes of the blocks of a content; as many as there may be, if it is too large."""
    sizes: list[int] = []
    sent = 0
    while sent < length and len(sizes) < uploads.MOST_BLOCKS:
        sizes.append(uploads._size(length if told else None, sent, len(sizes)))
        sent += sizes[-1]
    return sizes


@pytest.mark.parametrize("length", [1, 4 * MIB])
def test_a_small_content_whose_length_is_known_is_one_block(length: int) -> None:
    assert _layout(length, told=True) == [length]


@pytest.mark.parametrize("length", [GIB, 100 * GIB, TIB, 5 * TIB, 190 * TIB])
def test_the_largest_contents_whose_length_is_known_fit_into_the_blocks_that_there_may_be(length: int) -> None:
    sizes = _layout(length, told=True)
    assert sum(sizes) >= length
    assert max(sizes) <= 4000 * MIB


def test_a_content_whose_length_nobody_said_may_have_a_tebibyte() -> None:
    assert sum(_layout(2 * TIB, told=False)) > TIB


@pytest.mark.parametrize("told", [True, False])
def test_a_block_is_never_larger_than_it_has_to_be(*, told: bool) -> None:
    for length in (8 * MIB, 100 * MIB, GIB, 30 * GIB):
        sizes = _layout(length, told=told)
        assert max(sizes) <= max(MIB, min(4 * MIB, length // 64))
        assert all(after >= before for before, after in itertools.pairwise(sizes))


def test_all_ids_of_blocks_have_the_length_of_the_sdks_own() -> None:
    ids = {uploads.block_id(uploads.random_stem(), uploads.random_stem(), number) for number in (0, 7, 49_999)}
    assert {len(one) for one in ids} == {48}
