"""Who is let in."""

from __future__ import annotations

from deltacloud.errors import AuthenticationFailed, CredentialsRequired
from deltacloud.testing.caller import Caller, raised_by
from deltacloud.testing.check import GUIDE, REFERENCE, NotChecked, NotDeclared, check, check_each, expect
from deltacloud.testing.resources import RESOURCES, Resource
from deltacloud.testing.run import Run


@check_each(
    RESOURCES.values(),
    "wrong-credentials",
    "credentials that the cloud rejects are AuthenticationFailed, whatever is asked for",
    (GUIDE, "Errors"),
    hooks=lambda resource: (resource.list_hook,),
    wants=("wrong_credentials",),
)
def _wrong(run: Run, resource: Resource) -> None:
    run.main.items(resource)  # whoever was let in once is not let in with other credentials
    error = raised_by(lambda: run.caller(run.need("wrong_credentials")).items(resource))
    if error is None and resource.collection in run.backend.public:
        return
    expect(isinstance(error, AuthenticationFailed), f"{resource.list_hook} {_said(error)} to wrong credentials")


@check(
    "account.inspected",
    "inspect_account, or without it the first list of realms or buckets, tells good credentials from wrong ones",
    (REFERENCE, "About the cloud"),
    wants=("wrong_credentials",),
)
def _inspected(run: Run) -> None:
    error = raised_by(lambda: _inspect(run, run.caller(run.need("wrong_credentials"))))
    expect(isinstance(error, AuthenticationFailed), f"{_said(error)} to wrong credentials")
    seen = _inspect(run, run.main)
    expect(seen is None or isinstance(seen, frozenset | list), f"inspect_account returned {type(seen).__name__}")


@check_each(
    RESOURCES.values(),
    "no-credentials",
    "a caller without credentials is asked for them: CredentialsRequired",
    (GUIDE, "Calls and tokens"),
    hooks=lambda resource: (resource.list_hook,),
)
def _none(run: Run, resource: Resource) -> None:
    if run.driver.kind.credentials is None:
        raise NotDeclared("the cloud needs no credentials")
    error = raised_by(lambda: run.caller(None).items(resource))
    public = error is None and resource.collection in run.backend.public
    expect(public or isinstance(error, CredentialsRequired), f"{resource.list_hook} {_said(error)} to nobody")


def _inspect(run: Run, who: Caller) -> object:
    if run.has("inspect_account"):
        return who.call("inspect_account")
    for collection in ("realms", "buckets"):
        if run.has(f"list_{collection}"):
            return who.items(RESOURCES[collection])
    raise NotChecked("the driver has neither inspect_account, nor realms, nor buckets")


def _said(error: Exception | None) -> str:
    return "answered" if error is None else f"said {type(error).__name__} ({error})"
