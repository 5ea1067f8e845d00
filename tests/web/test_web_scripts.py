"""The scripts: small plain modules, whose comments say their types, and TypeScript checks them."""

from __future__ import annotations

import subprocess
from importlib import resources
from pathlib import Path

import pytest

from emulators import NODE_FOLDER
from programs import needed

FOLDER = Path(str(resources.files("deltacloud.api.pages") / "assets"))
MODULES = sorted(FOLDER.glob("*.js"))
CHECKS = (
    "--noEmit", "--allowJs", "--checkJs", "--strict", "--noUnusedLocals", "--noUnusedParameters", "--target", "es2022",
    "--module", "es2022", "--moduleResolution", "bundler", "--lib", "es2023,dom,dom.iterable",
)  # fmt: skip
LARGEST = 8 * 1024


def test_types_fit() -> None:
    compiler = NODE_FOLDER / "node_modules" / "typescript" / "bin" / "tsc"
    node = needed("node", "that the types of the scripts fit")
    if not compiler.is_file():
        pytest.skip("TypeScript is not installed (nox -s doubles installs it): NOT TESTED: types of the scripts")
    done = subprocess.run(
        [node, str(compiler), *CHECKS, *map(str, MODULES)], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_is_small_and_turns_no_text_into_markup_or_code(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert len(text) < LARGEST
    assert text.startswith("// ")
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "http:"):
        assert word not in text
    assert all(len(line) <= 120 for line in text.splitlines())
