"""The table at the end of a conformance run: how our server stands to the original one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from replay import Outcome


def table(outcomes: Iterable[Outcome]) -> str:
    """The whole table as text (Markdown)."""
    outcomes = list(outcomes)
    verdicts = Counter(outcome.verdict for outcome in outcomes)
    replayed = len(outcomes) - verdicts["waiting"]
    figures = (len(outcomes), replayed, *(verdicts[one] for one in ("alike", "decided", "different", "waiting")))
    lines = [
        "# Conformance with the recorded exchanges of the original server",
        "",
        "| recorded | replayed | alike | different by decision | not explained | waiting for a driver |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
        f"| {' | '.join(map(str, figures))} |",
    ]
    return "\n".join(
        [*lines, *_decided(outcomes), *_additions(outcomes), *_waiting(outcomes), *_different(outcomes), ""]
    )


def _decided(outcomes: list[Outcome]) -> list[str]:
    rows = dict.fromkeys(row for outcome in outcomes for row in outcome.deviations)
    lines = ["", "## Different by decision", "", "| exchanges | rule | which |", "| ---: | --- | --- |"]
    for row in rows:
        names = [outcome.exchange.name for outcome in outcomes if row in outcome.deviations]
        lines.append(f"| {len(names)} | {row.rule} | {', '.join(f'`{pattern}`' for pattern in row.exchanges)} |")
    return lines


def _additions(outcomes: list[Outcome]) -> list[str]:
    used = Counter(row for outcome in outcomes for row in outcome.additions)
    lines = ["", "## Additions", "", "| answers | what is new |", "| ---: | --- |"]
    return [*lines, *(f"| {count} | {row.reason} |" for row, count in used.most_common())]


def _waiting(outcomes: list[Outcome]) -> list[str]:
    drivers = Counter(outcome.exchange.driver for outcome in outcomes if outcome.verdict == "waiting")
    lines = ["", "## Waiting for a driver", "", "| driver | exchanges |", "| --- | ---: |"]
    return [*lines, *(f"| {driver} | {count} |" for driver, count in sorted(drivers.items()))] if drivers else []


def _different(outcomes: list[Outcome]) -> list[str]:
    different = [outcome for outcome in outcomes if outcome.verdict == "different"]
    if not different:
        return []
    return ["", "## Not explained", "", *(f"* `{one.exchange.name}`: {one.differences[0]}" for one in different)]
