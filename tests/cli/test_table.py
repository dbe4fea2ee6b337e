"""Commands that plugins bring."""

from __future__ import annotations

import pytest

from autotransfer import plugins
from autotransfer.cli.table import BUILTIN, builtin_command
from autotransfer.commands import Command
from autotransfer.hookspecs import hookimpl


def _configure(parser):
    parser.add_argument("--times", type=int, default=1)


def _execute(args):
    print("hello " * args.times)
    return 0


class Greeting:
    """A plugin with a command of its own, and one that tries to take a built-in name."""

    @hookimpl
    def register_commands(self):
        return [Command("greet", "say hello", _configure, _execute), Command("fit", "mine", _configure, _execute)]


@pytest.fixture
def with_plugin(monkeypatch):
    monkeypatch.setenv("AUTOTRANSFER_PLUGINS", "")
    original = plugins.load_plugins
    monkeypatch.setattr(plugins, "load_plugins", lambda: original([Greeting()]))


@pytest.mark.usefixtures("with_plugin")
def test_a_plugins_command_runs(call):
    assert call("greet", "--times", "2").out == "hello hello \n"


@pytest.mark.usefixtures("with_plugin")
def test_a_plugins_command_has_one_line_errors_too(call):
    assert call("greet", "--times", "x").err.startswith("autotransfer: argument --times: invalid int value")


@pytest.mark.usefixtures("with_plugin")
def test_help_lists_plugins_commands_only_when_asked(call):
    assert "say hello" in call("help").out
    assert "say hello" not in call("--help").out
    assert "mine" not in call("help").out


@pytest.mark.usefixtures("with_plugin")
def test_near_misses_of_plugins_commands_are_hinted_at(call):
    assert "did you mean greet" in call("gret").err


def test_every_builtin_command_has_its_name():
    commands = [builtin_command(name) for name in BUILTIN]
    assert [command.name for command in commands if command] == list(BUILTIN)
    assert builtin_command("greet") is None
