"""What "Write a driver" quotes is what the template makes, word for word."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from drivertemplate import PINE, PINE_ANSWERS, ROOT, generate
from yamlfiles import read_yaml

PAGE = (ROOT / "docs" / "driver.md").read_text("utf-8")
QUOTE = re.compile(r'^```\w+ title="((?:SDK: )?)((?:src|tests|docs)/[^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
QUOTES = QUOTE.findall(PAGE)


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("sdk") / "pine", **PINE_ANSWERS, talks="SDK")


@pytest.mark.parametrize(("kind", "path", "text"), QUOTES, ids=[f"{path}-{n}" for n, (_, path, _) in enumerate(QUOTES)])
def test_a_quotation_stands_in_its_file(kind: str, path: str, text: str, sdk: Path) -> None:
    source = ((sdk if kind else PINE) / path).read_text("utf-8")
    for part in re.split(r"\n\n(?=def )", text.rstrip("\n")):
        assert any(indent(part, " " * 4 * depth) in source for depth in range(3)), f"{path} does not have\n{part}"


def test_the_tree_on_the_page_is_what_is_made() -> None:
    names = re.findall(
        r"^ {2,}([\w./]+)  ", PAGE.partition("### What is there")[2].partition("```\n\n")[0], re.MULTILINE
    )
    assert {"driver.py", "records.py", "fakecloud/", ".github/workflows/ci.yml"} <= set(names)
    for name in names:
        assert list(PINE.rglob(name.rstrip("/"))), f"there is no {name}"


def test_the_questions_of_the_template_are_explained() -> None:
    (questions,) = read_yaml((ROOT / "templates/driver/copier.yml").read_text("utf-8"))
    asked = [name for name, one in questions.items() if not name.startswith("_") and one.get("when", True)]
    rows = PAGE.partition("| question |")[2].partition("\n\n")[0]
    assert [name for name in asked if f"`{name}`" not in rows] == []
    choices = [questions[name].get("choices", []) for name in asked]
    offered = [value for one in choices for value in (one.values() if isinstance(one, dict) else one)]
    assert [value for value in offered if f"`{value}`" not in rows] == []
