"""Metrics: what is measured about instances."""

from deltacloud.api.collections import rows
from deltacloud.api.operations import Collection

METRICS = Collection(
    name="metrics",
    singular="metric",
    title="Metrics",
    help="What is measured about an instance",
    operations=(rows.index("metrics", "what is measured"), rows.show("metrics", "metric")),
)
