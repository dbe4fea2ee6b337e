"""Which commands there are: the built-in modules, and what plugins register."""

from __future__ import annotations

import difflib
from importlib import import_module

from autotransfer.commands import Command
from autotransfer.errors import InputError

BUILTIN = (
    "fit",
    "assess",
    "predict",
    "report",
    "leaderboard",
    "methods",
    "plugins",
    "pretrain",
    "index",
    "kernels",
    "doctor",
)


def builtin_command(name: str) -> Command | None:
    """The built-in command of that name; imports its module alone."""
    if name not in BUILTIN:
        return None
    command = import_module(f"autotransfer.cli.{name}").COMMAND
    assert isinstance(command, Command)  # noqa: S101 - the modules are ours
    return command


def command_named(name: str) -> Command:
    """A plugin's command. Raises ``InputError`` that says which names come close."""
    brought = {command.name: command for command in plugin_commands()}
    if name in brought:
        return brought[name]
    if name.startswith("-"):
        raise InputError(f"{name} stands before the command; write  autotransfer COMMAND ... {name}")
    near = difflib.get_close_matches(name, [*BUILTIN, *brought], n=2)
    hint = f"did you mean {' or '.join(near)}?" if near else "run  autotransfer help  for the list"
    raise InputError(f"there is no command {name!r}: {hint}")


def plugin_commands() -> list[Command]:
    """Commands of installed plugins; the built-in names cannot be taken."""
    from autotransfer.plugins import load_plugins

    answers = load_plugins().hook.register_commands()
    commands = [command for commands in answers for command in commands if isinstance(command, Command)]
    return [command for command in commands if command.name not in BUILTIN]


def help_text(*, with_plugins: bool) -> str:
    """Usage and the list of commands. Plugins are imported only when asked for."""
    commands = [command for name in BUILTIN if (command := builtin_command(name)) is not None]
    lines = [
        "usage: autotransfer COMMAND ...",
        "",
        "Which source, which transfer method, how risky, and is it better not to transfer at all?",
        "",
        *_listed(commands),
    ]
    if with_plugins and (brought := plugin_commands()):
        lines += ["", "from plugins:", *_listed(brought)]
    lines += [
        "",
        "  autotransfer COMMAND --help    options of a command",
        "  autotransfer help              the same list, with the commands of plugins",
        "  autotransfer --version",
        "",
        "exit codes: 0 done, 1 a bug, 2 the input or the command is wrong, 3 interrupted with the best so far saved",
    ]
    return "\n".join(lines) + "\n"


def _listed(commands: list[Command]) -> list[str]:
    return [f"  {command.name:<12} {command.help}" for command in commands]
