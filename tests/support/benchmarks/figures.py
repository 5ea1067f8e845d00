"""The figures: what each must reach, what it reached in this run, and the table of both."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What is measured.

    Attributes:
        title: What it is called.
        must: What it must reach.
        aim: What we want it to reach; None for no more than it must.
        at_least: Whether more is better.
        unit: Of all its values; empty for a ratio.
    """

    title: str
    must: float
    aim: float | None = None
    at_least: bool = False
    unit: str = ""

    def shown(self, value: float) -> str:
        """A value with its unit, to three digits or so."""
        digits = 2 if value < 10 else 1 if value < 100 else 0
        return f"{value:.{digits}f} {self.unit}".strip()

    @property
    def wanted(self) -> str:
        """What it must reach, in words."""
        aim = "" if self.aim is None else f", aim {self.shown(self.aim)}"
        return f"at {'least' if self.at_least else 'most'} {self.shown(self.must)}{aim}"

    def verdict(self, value: float) -> str:
        """What to say of a value."""
        if not self._reaches(value, self.must):
            return "MISSED"
        return "reached" if self.aim is None or self._reaches(value, self.aim) else "reached, below the aim"

    def _reaches(self, value: float, limit: float) -> bool:
        return value >= limit if self.at_least else value <= limit


def _ratio(title: str, must: float, aim: float | None = None) -> Figure:
    return Figure(title=title, must=must, aim=aim, at_least=True)


def _at_most(title: str, must: float, unit: str) -> Figure:
    return Figure(title=title, must=must, unit=unit)


FIGURES = {
    "list-xml": _ratio("20 instances in XML: processor time of a bare answer divided by ours", 0.30, 0.35),
    "list-json": _ratio("20 instances in JSON: the same", 0.35, 0.4),
    "entry": _ratio("`GET /api` in XML: the same", 0.55, 0.6),
    "long-xml": _at_most("1,000 instances in XML: processor time for each instance", 6, "us"),
    "long-json": _at_most("1,000 instances in JSON: the same", 4, "us"),
    "added": _at_most("Request to a driver that does nothing: median of the time added to a bare answer", 0.5, "ms"),
    "download": _ratio("1 GiB down: speed, divided by that of a bare stream", 0.6),
    "download-memory": _at_most("1 GiB down: growth of a worker's peak memory", 16, "MiB"),
    "upload": _ratio("1 GiB up, written and synced: speed, divided by that of a bare stream", 0.6),
    "upload-memory": _at_most("1 GiB up: growth of a worker's peak memory", 16, "MiB"),
    "waiting": _at_most("1,000 requests at once, each waiting 1 s for its cloud: time until all are answered", 3, "s"),
    "blobs-xml": _at_most("A bucket of 1,000,000 blobs in XML: time until the first byte", 1, "s"),
    "blobs-xml-memory": _at_most("A bucket of 1,000,000 blobs in XML: growth of a worker's peak memory", 64, "MiB"),
    "blobs-json": _at_most("A bucket of 1,000,000 blobs in JSON: time until the first byte", 1, "s"),
    "blobs-json-memory": _at_most("A bucket of 1,000,000 blobs in JSON: growth of a worker's peak memory", 64, "MiB"),
    "otel": _at_most("Extension `otel`, 20 instances in JSON: processor time with it divided by that without", 2.5, ""),
    "azure-upload": _ratio("Azure: 1 GiB up: speed, divided by that of the SDK alone against the same Azurite", 0.8),
    "azure-upload-memory": _at_most("Azure: 1 GiB up: growth of a worker's peak memory", 64, "MiB"),
    "azure-download": _ratio("Azure: 1 GiB down: speed, divided by that of the SDK alone", 0.8),
    "azure-download-memory": _at_most("Azure: 1 GiB down: growth of a worker's peak memory", 64, "MiB"),
    "azure-blobs-xml-memory": _at_most("Azure: 1,000,000 blobs in XML: growth of a worker's peak memory", 64, "MiB"),
    "azure-blobs-json-memory": _at_most("Azure: 1,000,000 blobs in JSON: growth of a worker's peak memory", 64, "MiB"),
    "ec2-list": _at_most("100 instances of EC2: time, divided by that of a listing with boto3 alone", 1.15, ""),
    "ec2-session": _ratio("100 instances of EC2: time with a boto3 session for each request, divided by ours", 4),
    "ec2-callers": _ratio("200 callers of EC2 at once, each with a key: speed, divided by that of 16", 0.8),
    "ec2-waiting": _at_most("300 requests at once, each waiting 1 s for EC2: time until all are answered", 3, "s"),
    "s3-upload": _ratio("1 GiB up to S3: speed, divided by that of boto3's own transfer", 0.8),
    "s3-upload-memory": _at_most("1 GiB up to S3: growth of a worker's peak memory", 64, "MiB"),
    "s3-download": _ratio("1 GiB down from S3: speed, divided by that of boto3's own transfer", 0.8),
    "s3-download-memory": _at_most("1 GiB down from S3: growth of a worker's peak memory", 64, "MiB"),
    "start": _at_most("From the start of `deltacloudd` to its first answer", 1, "s"),
    "import": _at_most("Import of `deltacloud.server` with all that it serves with", 1, "s"),
    "idle": _at_most("Memory of an idle worker", 60, "MiB"),
}  # fmt: skip
"""All figures by their key, in the order of the table."""


@dataclass
class Report:
    """What one run measured.

    Attributes:
        share: The size of the run, as a part of the full one.
    """

    share: float
    _reached: dict[str, tuple[float, str]] = field(default_factory=dict)

    def reach(self, key: str, value: float, details: str) -> None:
        """Note a figure's value, and what it was made of."""
        self._reached[key] = (value, details)

    def sized(self, full: int, least: int = 1) -> int:
        """A number of the full run, made as small as this run is."""
        return max(round(full * self.share), least)

    @property
    def complete(self) -> bool:
        """Whether this was the full run, and all figures are there."""
        return self.share >= 1 and self._reached.keys() == FIGURES.keys()

    @property
    def missed(self) -> list[str]:
        """The titles of figures that are not what they must be."""
        return [figure.title for key, figure in FIGURES.items() if key in self._reached and _missed(self, key)]

    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """Figure, what it must reach, what it reached, the verdict, details: of those measured, in their order."""
        return [
            (figure.title, figure.wanted, figure.shown(value), figure.verdict(value), details)
            for key, figure in FIGURES.items()
            if key in self._reached
            for value, details in [self._reached[key]]
        ]


def _missed(report: Report, key: str) -> bool:
    return FIGURES[key].verdict(report._reached[key][0]) == "MISSED"
