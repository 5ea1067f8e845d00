"""What a person can do about an error: a sentence for each code, and for the statuses of codes that have none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deltacloud.api.representations.errors import ErrorFacts

_BY_CODE: Mapping[str, str] = {
    "action_not_allowed": "Its present state does not allow this. Look at its page for what it allows now.",
    "authentication_failed": "The cloud does not know this user, or not with this password. Sign in with others.",
    "backend_error": "Try again in a moment. If it happens again, give the operator of this server the request id.",
    "capability_missing": "This cloud cannot do it at all. The menu shows what it has; another cloud may have more.",
    "conflict": "Something of that name is there already, or this one is still in use or not empty. "
    "Choose another name, or free it first.",
    "credentials_required": "Sign in: your browser asks for the name and the password that the cloud gave you.",
    "driver_unavailable": "Choose another cloud, or give the operator of this server the reason above.",
    "forbidden": "Your account may not do this, or it is not there. Ask the cloud's administrator, or sign in as "
    "another user.",
    "invalid_request": "Go back, correct it and send it again.",
    "method_not_allowed": "This address cannot be used in that way.",
    "name_not_found": "Check the provider's address: its name is not known.",
    "not_found": "It may have been destroyed, or be kept by another provider. Its list shows what is there.",
    "not_supported": "The cloud has this, but not for this kind of thing or with these values. Try others.",
    "not_yet_completed": "The cloud is still at work. Look at it again in a moment.",
    "payload_too_large": "Send less at a time.",
    "provider_busy": "The cloud asks for patience. Try again in a moment.",
    "provider_error": "The cloud cannot be reached, or its answer makes no sense. Try again in a moment.",
    "provider_timeout": "The cloud did not answer in time. What you asked for may still happen: look before you repeat "
    "it.",
    "quota_exceeded": "Destroy what is not needed any more, or have the limit raised by the cloud.",
    "request_timeout": "The connection broke off. Try again.",
}
_USUAL = "Go back and try it in another way."


def advice(facts: ErrorFacts) -> str:
    """What to do about an error."""
    return _BY_CODE.get(facts.code, _USUAL)
