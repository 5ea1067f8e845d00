"""The template of drivers: which answers it takes, and that whatever it takes becomes valid files."""

from __future__ import annotations

import ast
import filecmp
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from drivertemplate import KINDS, PINE, PINE_ANSWERS, ROOT, files, generate
from yamlfiles import read_yaml

NASTY = (
    'The "Quoted" Cloud',
    "It's a 'cloud'",
    "Both \"kinds\" of 'quotes'",
    r"Back\slash\n and a last one\\",
    "{{ 7 * 7 }} {% raw %} {# nothing #}",
    "${HOME} $(id) `id` %s %(name)s {0}",
    "[project] # = , \"\"\" '''",
    "Ünïcode ☁ 雲 😀",
    "</script> & <b> | \\|",
    "x" * 60,
)
LINES = ("", " ", " before", "behind ", "two\nlines", "tab\there", "bell\a", "x" * 61, "\u2028")


# The name


@pytest.mark.parametrize(
    "name", ["", "1pine", "Pine", "pi-ne", "pi_ne", "pi.ne", "pi ne", "pine\n", "piñe", "x" * 21, "../pine", "{{ 1 }}"]
)
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="A name is 1 to 20 small letters and digits"):
        generate(tmp_path / "project", name=name)
    assert not (tmp_path / "project").exists()


@pytest.mark.parametrize(
    "name", ["core", "client", "mock", *sorted(path.name.partition("-")[2] for path in (ROOT / "plugins").iterdir())]
)
def test_the_name_of_another_distribution_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"deltacloud-{name} is the name of another distribution"):
        generate(tmp_path / "project", name=name)


@pytest.mark.parametrize("name", ["class", "import", "none", "json", "typing", "deltacloud", "a", "x" * 20])
def test_a_word_of_pythons_is_a_name_like_any_other(name: str, tmp_path: Path) -> None:
    _check(generate(tmp_path / "project", name=name), name, f"{name.capitalize()} Cloud")


def test_a_project_without_a_name_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match='"name" is required'):
        generate(tmp_path / "project")


# Title, author, year and licence


@pytest.mark.parametrize("title", NASTY)
def test_a_title_stands_in_the_files_as_it_is(title: str, tmp_path: Path) -> None:
    _check(generate(tmp_path / "project", name="pine", title=title), "pine", title)


@pytest.mark.parametrize("author", NASTY)
def test_an_author_stands_in_the_files_as_they_are(author: str, tmp_path: Path) -> None:
    project = generate(tmp_path / "project", name="pine", author=author, licence="MIT")
    assert _project_table(project)["authors"] == [{"name": author}]
    assert author in (project / "LICENSE").read_text("utf-8")


@pytest.mark.parametrize("question", ["title", "author"])
@pytest.mark.parametrize("text", LINES)
def test_what_is_no_single_line_is_refused(question: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="One line of 1 to 60 characters"):
        generate(tmp_path / "project", name="pine", **{question: text})


@pytest.mark.parametrize("year", [0, 12, 10_000])
def test_a_year_has_four_digits(year: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="A year has four digits"):
        generate(tmp_path / "project", name="pine", year=year)


@pytest.mark.parametrize(
    ("licence", "begins"),
    [("Apache-2.0", "Apache License"), ("BSD-3-Clause", "BSD 3-Clause License"), ("MIT", "MIT License")],
)
def test_the_licence_comes_along(licence: str, begins: str, tmp_path: Path) -> None:
    project = generate(tmp_path / "project", name="pine", licence=licence)
    assert (project / "LICENSE").read_text("utf-8").strip().startswith(begins)
    assert _project_table(project)["license"] == licence


@pytest.mark.parametrize(("question", "answer"), [("serves", "networks"), ("talks", "SOAP"), ("licence", "none")])
def test_what_is_not_offered_is_refused(question: str, answer: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Invalid choice"):
        generate(tmp_path / "project", name="pine", **{question: answer})


# The kinds


@pytest.mark.parametrize(("serves", "talks"), KINDS)
def test_a_kind_has_nothing_of_the_others(serves: str, talks: str, tmp_path: Path) -> None:
    project = files(generate(tmp_path / "project", name="pine", serves=serves, talks=talks))
    foreign = {
        "both": [],
        "compute": ["[Bb]ucket", "[Bb]lob", r"\b[Bb]ox", r"\bFile", "[Uu]pload", "stream"],
        "storage": [r"\b[Ii]nstance", "server_id", "[Rr]ealm", "StateMachine", r"\b[Ii]mage", "[Hh]ardware"],
        "REST": ["vendorsdk", r"\bSDK\b", r"context\.sdk"],
        "SDK": [r"\btoken", r"context\.http", r"\brequests\b"],
    }
    text = "\n".join(text for path, text in project.items() if path.endswith((".py", "toml", "docs/pine.md")))
    found = [word for kind in (serves, talks) for word in foreign[kind] if re.search(word, text)]
    assert found == []
    assert [path for path, text in project.items() if not text.strip() and not path.endswith("py.typed")] == []
    assert not re.search(r"\{[{%]|[%}]\}", re.sub(r"\$\{\{.*?\}\}|\{\{\"|f'.*?'", "", text))


def test_the_steps_of_the_list_stand_in_the_code(tmp_path: Path) -> None:
    for serves, talks in KINDS:
        project = files(generate(tmp_path / f"{serves}-{talks}", name="pine", serves=serves, talks=talks))
        listed = re.findall(r"^(\d)\. (`(?:[a-z_/]+\.(?:py|toml))`)?", project["README.md"], re.MULTILINE)
        assert [number for number, _ in listed] == list("12345678")
        for number, name in listed[:-1]:
            places = (name.strip("`"), f"src/deltacloud_pine/{name.strip('`')}")
            (text,) = (text for path, text in project.items() if path in places)
            assert re.search(rf"^ *# {number}\. ", text, re.MULTILINE), f"{name} has no step {number}"


def test_the_rules_of_style_are_those_of_this_repository(tmp_path: Path) -> None:
    own, theirs = (
        tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]
        for folder in (ROOT, generate(tmp_path / "project", name="pine"))
    )
    assert theirs["line-length"] == own["line-length"]
    assert theirs["lint"]["select"] == own["lint"]["select"]
    assert set(theirs["lint"]["ignore"]) <= set(own["lint"]["ignore"])
    assert theirs["lint"]["mccabe"] == own["lint"]["mccabe"]


# The example, and the command


def test_the_documentations_example_is_what_the_template_makes(tmp_path: Path) -> None:
    made, kept = files(generate(tmp_path / "pine", **PINE_ANSWERS)), files(PINE)
    differing = sorted(path for path in made.keys() | kept.keys() if made.get(path) != kept.get(path))
    assert differing == [], f"write {PINE.relative_to(ROOT)} anew: `nox -s template -- pine`"


def test_the_command_makes_the_same(tmp_path: Path) -> None:
    answers = [word for name, value in PINE_ANSWERS.items() for word in ("--data", f"{name}={value}")]
    command = [sys.executable, "-m", "deltacloud.testing", "new", str(tmp_path / "pine"), "--defaults", *answers]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"cd {tmp_path / 'pine'}\n" in done.stdout + done.stderr
    assert files(tmp_path / "pine") == files(PINE)


def test_the_template_is_a_part_of_the_core() -> None:
    inside = ROOT / "core/src/deltacloud/testing/template"
    assert filecmp.dircmp(inside, ROOT / "templates/driver").diff_files == []
    assert inside.samefile(ROOT / "templates/driver")


def _project_table(project: Path) -> dict[str, object]:
    table = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    assert isinstance(table, dict)
    return table


def _check(project: Path, name: str, title: str) -> None:
    """See that every file can be read, and that name and title stand where they should."""
    table = _project_table(project)
    assert (table["name"], table["description"]) == (f"deltacloud-{name}", f"Deltacloud driver for {title}")
    for path, text in files(project).items():
        if path.endswith(".py"):
            compile(text, path, "exec")
        elif path.endswith(".yml"):
            assert [document["jobs"] for document in read_yaml(text)]
    tree = ast.parse((project / f"src/deltacloud_{name}/driver.py").read_text("utf-8"))
    literals = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert title in literals
    assert title in (project / "README.md").read_text("utf-8")
