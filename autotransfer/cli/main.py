"""From arguments to an exit code: 0 done, 1 a bug, 2 the input or the command is wrong, 3 interrupted."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from autotransfer.cli import streams
from autotransfer.cli.table import builtin_command, command_named, help_text
from autotransfer.errors import AutoTransferError, InterruptedRunError

DONE, BUG, WRONG, INTERRUPTED = 0, 1, 2, 3
DEBUG = "AUTOTRANSFER_DEBUG"
"""Environment variable: 1 raises what would be reported as a bug."""


def run(argv: list[str]) -> int:
    """Run one command and return its exit code.

    :param argv: the words after ``autotransfer``.
    """
    streams.prepare()
    code = _guarded(lambda: _dispatch(argv))
    streams.flush()
    return code


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except InterruptedRunError as error:
        streams.say(str(error))
        return INTERRUPTED
    except AutoTransferError as error:
        streams.say(str(error))
        return WRONG
    except KeyboardInterrupt:
        streams.say("interrupted; nothing was saved")
        return INTERRUPTED
    except SystemExit as error:  # argparse after --help
        return error.code if isinstance(error.code, int) else DONE
    except Exception as error:
        if isinstance(error, BrokenPipeError) and streams.reader_left():
            return DONE
        if os.environ.get(DEBUG) == "1":
            raise
        return _bug(error)


def _dispatch(argv: list[str]) -> int:
    first = argv[0] if argv else "--help"
    if first == "--version":
        from autotransfer import __version__

        streams.answer(f"autotransfer {__version__}\n")
        return DONE
    if first in {"-h", "--help"}:
        streams.answer(help_text(with_plugins=False))
        return DONE
    if first == "help":
        return _help(argv[1:])
    return _call(first, argv[1:])


def _help(argv: list[str]) -> int:
    if argv:
        return _call(argv[0], ["--help"])
    streams.answer(help_text(with_plugins=True))
    return DONE


def _call(name: str, argv: list[str]) -> int:
    from autotransfer.cli.parser import parser_of

    command = builtin_command(name) or command_named(name)
    return command.execute(parser_of(command).parse_args(argv))


def _bug(error: Exception) -> int:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="autotransfer-bug-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        file.write(f"autotransfer {' '.join(sys.argv[1:])}\n\n")
        file.writelines(traceback.format_exception(error))
    words = f"{type(error).__name__}: {error}".rstrip(": ")
    streams.say(f"this is a bug in autotransfer ({words}); the traceback is in {file.name}")
    return BUG
