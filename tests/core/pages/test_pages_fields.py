"""Parameters as fields of forms."""

from __future__ import annotations

import pytest

from deltacloud.api.collections import BY_NAME
from deltacloud.api.pages.fields import Field, field_sets, has_file
from deltacloud.parameters import Parameter


def fields(*parameters: Parameter, **values: str) -> list[Field]:
    """The fields for parameters, all in a row."""
    return [field for one in field_sets("x", parameters, values) for field in one.fields]


@pytest.mark.parametrize(
    ("parameter", "kind", "options"),
    [
        (Parameter(name="name"), "text", ()),
        (Parameter(name="port", type="integer"), "number", ()),
        (Parameter(name="capacity", type="number"), "number", ()),
        (Parameter(name="way", values=("in", "out")), "select", ("", "in", "out")),
        (Parameter(name="way", values=("in", "out"), required=True), "select", ("in", "out")),
        (Parameter(name="fast", type="boolean"), "select", ("", "true", "false")),
        (Parameter(name="password", secret=True), "password", ()),
        (Parameter(name="private_key", secret=True), "textarea", ()),
        (Parameter(name="user_data", type="base64"), "textarea", ()),
        (Parameter(name="blob_data", type="file"), "file", ()),
    ],
)
def test_the_type_decides_the_kind_of_field(parameter: Parameter, kind: str, options: tuple[str, ...]) -> None:
    (field,) = fields(parameter)
    assert (field.kind, field.options) == (kind, options)


def test_numbers_have_their_bounds() -> None:
    (field,) = fields(Parameter(name="port", type="integer", minimum=1, maximum=65535))
    assert (field.minimum, field.maximum, field.step) == (1, 65535, "1")


def test_required_fields_come_first_and_files_last() -> None:
    names = [
        field.name
        for field in fields(
            Parameter(name="file", type="file", required=True),
            Parameter(name="maybe"),
            Parameter(name="tag", indexed=True),
            Parameter(name="must", required=True),
        )
    ]
    assert names == ["must", "maybe", "tag1", "tag2", "tag3", "tag4", "tag5", "file"]


def test_what_a_form_cannot_hold_is_left_out() -> None:
    assert fields(
        Parameter(name="id", location="path"), Parameter(name="Range", location="header"), Parameter(name="x_*")
    ) == []  # fmt: skip


def test_tags_whose_names_are_free_are_typed_in_one_field() -> None:
    (field,) = fields(Parameter(name="tag_*"), tag_a="1", tags="b=2")
    assert (field.name, field.kind, field.value) == ("tags", "textarea", "a=1\nb=2")


def test_a_parameter_of_a_feature_and_of_the_row_is_one_field() -> None:
    assert [one.help for one in fields(Parameter(name="keyname", help="a"), Parameter(name="keyname", help="b"))] == [
        "b"
    ]


def test_members_of_a_family_are_numbered_where_the_name_says() -> None:
    sets = field_sets(
        "x",
        [Parameter(name="group", indexed=True), Parameter(name="groupNowner", indexed=True, help="Owner of group N")],
        {},
    )
    assert [one.legend for one in sets] == [f"Entry {number}" for number in range(1, 6)]
    first = sets[0].fields
    assert [one.name for one in first] == ["group1", "group1owner"]
    assert [one.label for one in first] == ["Group 1", "Group 1 owner"]
    assert first[1].help == "Owner of group 1"


def test_values_fill_fields_in_and_never_secrets() -> None:
    named, secret = fields(Parameter(name="a"), Parameter(name="b", secret=True), a="1", b="2")
    assert (named.value, secret.value) == ("1", "")


def test_a_blobs_form_says_how_many_entries_of_metadata_come_before_the_file() -> None:
    create = BY_NAME["blobs"].operation("create")
    assert create is not None
    sets = field_sets("create", create.parameters, {})
    row = [field for one in sets for field in one.fields]
    assert [one.name for one in row][:2] == ["blob_id", "meta_params"]
    assert (row[1].kind, row[1].value) == ("hidden", "5")
    assert row[-1].name == "blob_data"
    assert has_file(sets)
