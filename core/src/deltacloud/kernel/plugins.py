"""From a driver class to something that can be called: the only module that knows pluggy.

A driver's public methods are its hooks. A name that is no hook is refused with the nearest hook's name, because a
typing mistake must not become a missing feature.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from typing import Any

import pluggy

from deltacloud.driver import Driver
from deltacloud.hookspecs import ComputeSpec, StorageSpec
from deltacloud.hookspecs.marker import PROJECT
from deltacloud.kernel.discovery import Unloadable

_BASE = frozenset(dir(Driver))

HOOKS: frozenset[str] = frozenset(
    name for spec in (ComputeSpec, StorageSpec) for name in vars(spec) if not name.startswith("_")
)
"""The names of all hooks."""


class DriverPlugins(pluggy.PluginManager):
    """One driver's plugin manager: both specifications, and the driver's one instance."""

    def __init__(self, driver: Driver) -> None:
        super().__init__(PROJECT)
        self.driver = driver
        self.add_hookspecs(ComputeSpec)
        self.add_hookspecs(StorageSpec)
        self.implemented = _checked_hooks(driver)
        try:
            self.register(driver, name=driver.name)
        except pluggy.PluginValidationError as error:
            raise Unloadable(_first_line(error)) from error
        self.arguments: dict[str, frozenset[str]] = {
            name: frozenset(implementation.argnames)
            for name in self.implemented
            for implementation in self._caller(name).get_hookimpls()
        }

    def parse_hookimpl_opts(self, _plugin: object, name: str) -> pluggy.HookimplOpts | None:
        """Methods are hooks by their names; no marker is needed."""
        if name not in self.implemented:
            return None
        return pluggy.HookimplOpts(
            wrapper=False, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False, specname=None
        )

    def invoke(self, hook: str, arguments: dict[str, object]) -> Any:  # noqa: ANN401 - each hook has a type of its own
        """Call a hook by keyword."""
        return self._caller(hook)(**arguments)

    def _caller(self, name: str) -> pluggy.HookCaller:
        caller: pluggy.HookCaller = getattr(self.hook, name)
        return caller


class CallPlugins(pluggy.PluginManager):
    """The active extensions around every driver call, outermost first."""

    def __init__(self, extensions: list[object], innermost: Callable[[Any], Any]) -> None:
        super().__init__(PROJECT)
        self.add_hookspecs(CallSpec)
        self.register(_Innermost(innermost))
        for extension in reversed(extensions):
            self.register(extension)

    def parse_hookimpl_opts(self, plugin: object, name: str) -> pluggy.HookimplOpts | None:
        """``perform_call`` of an extension is a wrapper: a generator that yields once."""
        if name != "perform_call":
            return None
        wrapper = not isinstance(plugin, _Innermost)
        if wrapper and not inspect.isgeneratorfunction(getattr(plugin, name)):
            raise Unloadable(f"{type(plugin).__name__}.perform_call must be a generator that yields once")
        return pluggy.HookimplOpts(
            wrapper=wrapper, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False, specname=None
        )

    def perform(self, call: object) -> Any:  # noqa: ANN401 - the result of whatever hook is called
        """Make a call through all extensions."""
        return self.hook.perform_call(call=call)


class CallSpec:
    """The hook that extensions wrap."""

    @pluggy.HookspecMarker(PROJECT)(firstresult=True)
    def perform_call(self, call: object) -> object:
        """Make one driver call; an extension's generator sees it before and its result or exception after."""


class _Innermost:
    def __init__(self, perform: Callable[[Any], Any]) -> None:
        self._perform = perform

    def perform_call(self, call: object) -> object:
        return self._perform(call)


def _checked_hooks(driver: Driver) -> frozenset[str]:
    """The hooks that the driver implements.

    Raises:
        Unloadable: a public method is no hook, a withdrawn name is none, or an argument has a default.
    """
    kind = type(driver)
    public = {name for name in dir(kind) if not name.startswith("_") and name not in _BASE}
    methods = {name for name in public if inspect.isroutine(inspect.getattr_static(kind, name))}
    for name in sorted(methods - HOOKS):
        raise Unloadable(f"{kind.__name__}.{name} is no hook{_nearest(name)}")
    for name in sorted(driver.withdrawn - HOOKS):
        raise Unloadable(f"withdrawn names {name!r}, which is no hook{_nearest(name)}")
    hooks = methods - driver.withdrawn
    for name in sorted(hooks):
        for parameter in inspect.signature(getattr(kind, name)).parameters.values():
            if parameter.default is not inspect.Parameter.empty:
                raise Unloadable(f"{kind.__name__}.{name}: argument {parameter.name!r} must not have a default")
    return frozenset(hooks)


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, HOOKS, n=1)
    return (
        f"; did you mean {near[0]}? (helpers begin with an underscore)"
        if near
        else " (helpers begin with an underscore)"
    )


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())
