"""Groups of commands that are imported lazily, so that each command imports only what it needs."""

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup


@dataclass(frozen=True)
class CommandPlace:
    """The module and name of a command: a function or a `typer.Typer`. `help` is its line in the list of commands."""

    module: str
    attribute: str
    help: str


class LazyCommands(MutableMapping[str, Any]):
    """Commands by name; each is imported on first use."""

    def __init__(self, places: dict[str, CommandPlace]) -> None:
        self.places = places
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """Return the command. Raises KeyError for an unknown name."""
        if name not in self._loaded:
            self._loaded[name] = _load(name, self.places[name])
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        """Add a command that is already loaded."""
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        """Remove a command."""
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over all names in the order of the list."""
        return iter(self.places)

    def __len__(self) -> int:
        """Return the number of commands."""
        return len(self.places)


def lazy_group(places: dict[str, CommandPlace]) -> type[TyperGroup]:
    """Return a group of these commands for typer."""

    class LazyGroup(TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands = LazyCommands(places)

        def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # typer's signature
            return list(places)

        def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # typer's signature
            with formatter.section("Commands"):
                formatter.write_dl([(name, place.help) for name, place in places.items()])

    return LazyGroup


def _load(name: str, place: CommandPlace) -> Any:
    found = getattr(import_module(place.module), place.attribute)
    if isinstance(found, typer.Typer):
        found.rich_markup_mode = None
        command: Any = typer.main.get_group(found)
    else:
        single = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        single.command(name)(found)
        command = typer.main.get_command(single)
    command.name = name
    return command
