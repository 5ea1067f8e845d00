"""Reads a Containerfile, and carries out its steps in a folder that stands for the image's root file system.

The folder gets the machine's own programs and Python in place of the base image; all other paths are the image's. It
takes root, and mount namespaces.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from processes import tied

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc")
DEVICES = ("/dev/null", "/dev/random", "/dev/urandom", "/dev/zero")
PYTHON = Path(sys.base_prefix)
IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "dist")


class Step(NamedTuple):
    """One instruction: its word in capitals, and the rest of it on one line."""

    word: str
    rest: str


def read(file: Path) -> list[list[Step]]:
    """The stages of a Containerfile; each begins with its ``FROM``."""
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    stages: list[list[Step]] = []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            if word == "FROM":
                stages.append([])
            stages[-1].append(Step(word, rest.strip()))
    return stages


def last(stage: list[Step], word: str) -> str:
    """What the last instruction of that word says."""
    return [step.rest for step in stage if step.word == word][-1]


def listed(text: str) -> list[str]:
    """The exec form of a command: a JSON array, whatever stands before it."""
    command: list[str] = json.loads(text[text.index("[") :])
    return command


@dataclass
class Image:
    """The result of a Containerfile.

    Attributes:
        context: Where ``COPY`` copies from.
        root: The folder that stands for ``/`` of the stage in work.
        variables: What ``ENV`` and ``ARG`` have set.
    """

    context: Path
    root: Path
    variables: dict[str, str] = field(default_factory=dict)

    def carry_out(self, stages: list[list[Step]]) -> None:
        """Every step of every stage, in order; each stage has a root of its own."""
        base = self.root
        for number, stage in enumerate(stages):
            earlier, self.root = self.root, base / str(number)
            self._prepare()
            self.variables = {"PATH": f"{PYTHON / 'bin'}:/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp"}  # noqa: S108
            folder = "/"
            for word, rest in stage:
                if word in ("ARG", "ENV"):
                    self._set(rest)
                elif word == "WORKDIR":
                    folder = rest
                    self._inside(folder).mkdir(parents=True, exist_ok=True)
                elif word == "COPY":
                    self._copy(shlex.split(rest), earlier, folder)
                elif word == "RUN":
                    self._run(rest, folder)

    def command(
        self, inner: list[str], *, user: str = "0:0", writable: tuple[str, ...] = (), **variables: str
    ) -> list[str]:
        """A command that runs another one inside, by which the process becomes it.

        Args:
            inner: What to run; its program is looked for in the image's ``PATH``.
            user: User and group, by their numbers.
            writable: Folders that are empty and can be written; with any, everything else is read-only.
            variables: Variables besides the image's own.
        """
        root = shlex.quote(str(self.root))
        lines = ["set -e", "mount --make-rprivate /", f"mount --bind {root} {root}"]
        lines += [f"mount --rbind -o ro {path} {root}{path}" for path in (*self._system(), str(PYTHON))]
        lines += [f"mount --bind {path} {root}{path}" for path in DEVICES]
        lines += [f"mount -t proc proc {root}/proc"]
        if writable:
            lines += [f"mount -o remount,bind,ro {root}"]
        lines += [f"mount -t tmpfs -o mode=1777 tmpfs {root}{path}" for path in writable]
        environment = [f"{name}={value}" for name, value in (self.variables | variables).items()]
        arguments = shlex.join(["env", "-i", *environment, *inner])
        lines += [f"exec chroot --userspec={user} {root} {arguments}"]
        return ["unshare", "--mount", "sh", "-c", "\n".join(lines)]

    def lasting(self, inner: list[str]) -> list[str]:
        """The command inside, made to end with the process that starts it."""
        return ["python", *tied(inner)[1:]]

    def _system(self) -> list[str]:
        return [path for path in SYSTEM if Path(path).is_dir() and not Path(path).is_symlink()]

    def _prepare(self) -> None:
        self.root.mkdir(parents=True)
        self.root.chmod(0o755)
        for path in ("/proc", "/tmp", "/opt", "/var/lib", str(PYTHON), *self._system()):  # noqa: S108 - in the image
            self._inside(path).mkdir(parents=True, exist_ok=True)
        for path in SYSTEM:
            if Path(path).is_symlink():
                self._inside(path).symlink_to(Path(path).readlink())
        self._inside("/dev").mkdir()
        for path in DEVICES:
            self._inside(path).touch()

    def _inside(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def _set(self, text: str) -> None:
        for pair in shlex.split(text):
            name, _, value = pair.partition("=")
            self.variables[name] = re.sub(r"\$(\w+)", lambda found: self.variables[found[1]], value)

    def _copy(self, arguments: list[str], earlier: Path, folder: str) -> None:
        options = [one for one in arguments if one.startswith("--")]
        source, target = (one for one in arguments if not one.startswith("--"))
        origin = earlier if any(one.startswith("--from=") for one in options) else self.context
        found = origin / source.lstrip("/")
        into = self._inside(f"{folder}/{target}")
        if found.is_dir():
            shutil.copytree(found, into, symlinks=True, dirs_exist_ok=True, ignore=IGNORED)
        else:
            shutil.copy(found, into)

    def _run(self, text: str, folder: str) -> None:
        done = subprocess.run(
            self.command(["sh", "-c", f"cd {folder} && {text}"]), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"RUN {text}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
