"""Adds up the JUnit reports that the sessions left, prints one line each and a total; fails when no test ran."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

COLUMNS = ("tests", "failures", "errors", "skipped")


def main(folder: Path) -> int:
    """Prints the summary of a folder of reports; returns the exit code."""
    total: Counter[str] = Counter()
    for report in sorted(folder.glob("*.xml")):
        counts = _counts(report)
        total += counts
        print(f"{report.stem}: {_sentence(counts)}")
    print(_sentence(total))
    return 0 if total["tests"] > total["skipped"] else 1


def _counts(report: Path) -> Counter[str]:
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 - pytest wrote it a moment ago
    return sum((Counter({name: int(suite.get(name, 0)) for name in COLUMNS}) for suite in suites), Counter())


def _sentence(counts: Counter[str]) -> str:
    failed = counts["failures"] + counts["errors"]
    return f"{counts['tests'] - failed - counts['skipped']} passed, {failed} failed, {counts['skipped']} skipped"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
