"""Tags: an addition of ours, the same for every model that has them."""

from __future__ import annotations

from deltacloud.api.representations.markup import attribute, text
from deltacloud.models import Pairs


def tags_xml(tags: Pairs | None, indent: str) -> str:
    """The element ``tags``; nothing where they are not known."""
    if tags is None:
        return ""
    lines = "".join([f"{indent}  <tag key='{attribute(key)}'>{text(value)}</tag>\n" for key, value in tags])
    return f"{indent}<tags>\n{lines}{indent}</tags>\n"
