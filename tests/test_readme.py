"""The README holds: its code runs, its tables are those of the code, its files and keys are those of a real run."""

from __future__ import annotations

import inspect
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import autotransfer
from autotransfer import hookspecs
from autotransfer.assets import Asset
from autotransfer.cli import main, options
from autotransfer.cli.table import BUILTIN
from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.leaderboard import COLUMNS
from autotransfer.plugins import load_catalogue
from autotransfer.problem import RawData
from autotransfer.settings import Settings
from autotransfer.validator import Validator
from benchmarks.guard import RUNS, cell

ROOT = Path(__file__).parents[1]
HELLO = ROOT / "plugins/examples/autotransfer-hello/src/autotransfer_hello/__init__.py"


@dataclass(frozen=True)
class Block:
    """A fenced block under its heading."""

    heading: str
    language: str
    text: str


@cache
def text() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@cache
def blocks() -> tuple[Block, ...]:
    found, heading = [], ""
    for match in re.finditer(
        r"^## (?P<heading>[^\n]+)$|^```(?P<language>\w+)\n(?P<text>.*?)^```$", text(), re.M | re.S
    ):
        heading = match["heading"] or heading
        if match["language"]:
            found.append(Block(heading, match["language"], match["text"]))
    return tuple(found)


def written_in(language: str) -> list[Block]:
    return [block for block in blocks() if block.language == language]


def table(first: str) -> list[list[str]]:
    """Rows, without the header, of the table whose header begins with ``first``."""
    lines = text().splitlines()
    (start,) = (index for index, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return rows
        rows.append([cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def code(cell: str) -> str:
    """The content of a cell's first code span."""
    return re.findall(r"`([^`]+)`", cell)[0]


def yes(holds: bool) -> str:
    return "yes" if holds else "no"


def call(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "autotransfer", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done


# --- What is run ---


PYTHON = [block for block in written_in("python") if "hookimpl" not in block.text]


@pytest.mark.slow
@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.heading)
def test_python_runs(block: Block, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", block.text], cwd=tmp_path, check=True, capture_output=True)


def commands(under: str) -> list[str]:
    return [line for block in written_in("sh") if block.heading == under for line in block.text.splitlines()]


@pytest.mark.slow
def test_the_command_line_runs_and_prints_what_is_pasted(tmp_path: Path) -> None:
    """All lines in order. The pasted demo has the form that its command prints now: headings, columns, verdict."""
    printed = {}
    for line in commands("On the command line"):
        name, *words = shlex.split(line)
        assert name == "autotransfer"
        printed[words[0]] = call(*words, folder=tmp_path).stdout
    assert (tmp_path / "penguins.md").read_text().startswith("# ")
    assert (tmp_path / "predictions.csv").read_text().startswith("prediction,p(female),p(male)\n")
    (pasted,) = (block.text for block in written_in("text") if block.heading == "Two commands")
    assert form(pasted) == form(printed["fit"])


def form(output: str) -> dict[str, object]:
    """What stays when the numbers change."""
    lines = output.splitlines()
    headings = [above for above, line in pairwise(lines) if re.fullmatch("=+|-+", line)]
    (columns,) = (line.split() for line in lines if line.lstrip().startswith("#"))
    joined = " ".join(lines)
    arm = r"(the (best transfer|average) (is|of) )?\w+ × \S+ on \w+"
    verdict = re.search(rf"(Transfer|Do not transfer|Inconclusive): {arm}( and no_transfer on \w+|;) ", joined)
    guard = re.search(r"\(the guard's estimate: gain .*, 90 % interval .*; P\(worse by .* (=|<) .* %\)", joined)
    rows = [line for line in lines if re.match(r" ?\d+  ", line)]
    files = re.search(r"Everything is in [^:]+: (.*)", joined)
    assert verdict is not None
    assert guard is not None
    assert files is not None
    shipped = [row for row in rows if "shipped" in row]
    assert len(shipped) <= 2  # an average has two members, one of them further down perhaps
    return {"headings": headings, "columns": columns, "rows": len(rows), "files": files[1]}


@pytest.mark.slow
def test_the_plugin_commands_run(tmp_path: Path) -> None:
    new, check = commands("Writing a plugin")
    call(*shlex.split(new)[1:], folder=tmp_path)
    assert "passes the conformance kit" in call(*shlex.split(check)[1:], folder=tmp_path).stdout


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"`make ([a-z]+)", text())) | {line.split()[1] for line in commands("Two commands")}
    rules = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M)
    assert {"demo", "test"} <= targets <= set(rules)


def test_the_demo_command_is_that_of_the_makefile() -> None:
    (command,) = set(re.findall(r"`autotransfer (fit demo:penguins [^`]+)`", text()))
    assert f"{command} --out" in (ROOT / "Makefile").read_text()


@pytest.mark.slow
def test_the_guards_numbers_are_those_of_its_simulation() -> None:
    """One cell of the table, simulated again: 400 runs, so 0.25 % is one run."""
    found = cell(60, -0.03, RUNS)
    (row,) = (row for row in table("labelled rows") if row[:2] == ["60", "−3 points"])
    shares = [100 * found.alone, 100 * found.average, 100 * found.harmful]
    assert [float(row[column].rstrip(" %")) for column in (2, 3, 5)] == pytest.approx(shares, abs=0.5)
    assert float(row[4].rstrip(" points")) == pytest.approx(100 * found.average_gain, abs=0.05)


# --- What is equal to the code ---


def test_the_plugin_is_the_example() -> None:
    (listing,) = (block.text for block in written_in("python") if "hookimpl" in block.text)
    assert listing == HELLO.read_text()
    (entry,) = (block.text for block in written_in("toml"))
    assert entry in (HELLO.parents[2] / "pyproject.toml").read_text()


def test_hooks() -> None:
    """Every hook with its arguments, in order, and whether the first answer counts."""
    specs = {name: spec for name, spec in vars(hookspecs).items() if hasattr(spec, "autotransfer_spec")}
    expected = [
        (f"{name}({', '.join(inspect.signature(spec).parameters)})", "first" if _first(spec) else "all")
        for name, spec in specs.items()
    ]
    assert [(code(row[0]), row[1]) for row in table("hook")] == expected


def _first(spec: object) -> bool:
    return bool(spec.autotransfer_spec["firstresult"])


def test_methods() -> None:
    catalogue = load_catalogue()
    expected = [
        [
            name,
            catalogue.owners[f"method:{name}"],
            yes(not method.needs & Asset.TARGET_LABELS),
            yes(method.regression),
            method.reference,
        ]
        for name, method in catalogue.methods.items()
        if _built_in(catalogue.owners[f"method:{name}"])
    ]
    assert [[code(row[0]), *row[1:]] for row in table("method")] == expected


def test_estimators() -> None:
    catalogue = load_catalogue()
    expected = [
        [name, "higher" if estimator.higher_is_better else "lower", str(estimator.role), estimator.reference]
        for name, estimator in catalogue.estimators.items()
        if _built_in(catalogue.owners[f"estimator:{name}"])
    ]
    assert [[code(row[0]), *row[1:]] for row in table("estimator")] == expected


def test_validators() -> None:
    catalogue = load_catalogue()
    expected = [
        [
            name,
            "higher" if validator.higher_is_better else "lower",
            *(_lost(validator, regression) for regression in (False, True)),
            validator.reference,
        ]
        for name, validator in catalogue.validators.items()
        if _built_in(catalogue.owners[f"validator:{name}"])
    ]
    assert [[code(row[0]), *row[1:]] for row in table("validator")] == expected
    first = next(iter(catalogue.validators.values()))
    known = [first.known_error(regression=regression) for regression in (False, True)]
    words = " ".join(text().split())
    assert f"on {known[0].problems} targets with classes and {known[1].problems} with values" in words
    assert f"`source_only` with its defaults lost {known[0].source_only:.1f} and {known[1].source_only:.1f}." in words


def _lost(validator: Validator, regression: bool) -> str:
    """As the benchmark has written it."""
    known = validator.known_error(regression=regression)
    return "–" if known is None else f"{known.regret:.1f}"


def test_encoders() -> None:
    (paragraph,) = re.findall(r"^Encoders turn.*?\n\n", text(), re.M | re.S)
    catalogue = load_catalogue()
    names = {e.name for e in catalogue.encoders if _built_in(catalogue.owners[f"encoder:{e.name}"])}
    assert set(re.findall(r"`(\w+)`", paragraph)) == names


def _built_in(plugin: str) -> bool:
    import tomllib

    return plugin in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["autotransfer"]


def test_commands() -> None:
    assert [code(row[0]).split()[1] for row in table("command")] == list(BUILTIN)


def test_options() -> None:
    """Every option of ``fit`` has a row, in the order of its help, and every option named anywhere exists."""
    own = [f"--{option.name} {option.value}" for _, group in options.GROUPS for option in group]
    assert [code(row[0]) for row in table("option")] == ["--source SRC", *own, "--json"]
    known = {name.split()[0] for name in own} | {"--source", "--json", "--format", "--help"}
    known |= {"--recipe", "--out", "--teacher"}  # of pretrain
    known |= {"--space"}  # of index
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text())) <= known
    assert {field.name for field in fields(Settings)} == {name[2:].replace("-", "_").split()[0] for name in own}


def test_exit_codes() -> None:
    assert [int(row[0]) for row in table("exit code")] == [main.DONE, main.BUG, main.WRONG, main.INTERRUPTED]


def test_environment_variables() -> None:
    source = "".join(path.read_text() for path in (ROOT / "autotransfer").rglob("*.py"))
    named = set(re.findall(r"AUTOTRANSFER_[A-Z]+", text()))
    known = {"CACHE", "PLUGINS", "KERNELS", "DEBUG", "EXPERIENCE"}
    assert {f"AUTOTRANSFER_{name}" for name in known} == named
    assert all(f'"{name}"' in source for name in named)


@pytest.mark.parametrize("option", ["keep_source"])
def test_what_is_said_to_be_refused_is(option: str) -> None:
    """A constraint that nothing keeps is an error, not a promise."""
    with pytest.raises(InputError, match=f"--{option.replace('_', '-')}: no method can keep"):
        autotransfer.fit("demo:penguins", settings=replace(Settings(), **{option: 1}))


def test_paths_and_links_exist() -> None:
    (tree,) = (block.text for block in written_in("text") if block.heading == "The code")
    for path in _paths(tree):
        assert path.exists(), path
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text()):
        assert (ROOT / link).exists(), link


def _paths(tree: str) -> Iterator[Path]:
    """Names in the left column, which ends at two spaces; two spaces deeper than a folder is inside of it."""
    parent = ROOT
    for line in tree.splitlines():
        indent = len(line) - len(line.lstrip())
        names = re.split(" {2,}", line.strip())[0].split()
        if indent == 0:
            parent = ROOT / names[0]
            yield parent
        elif indent == 2:
            yield from (parent / name for name in names)


def test_every_package_of_the_core_is_in_the_layout() -> None:
    (tree,) = (block.text for block in written_in("text") if block.heading == "The code")
    packages = {path.parent.name for path in (ROOT / "autotransfer").glob("*/__init__.py")}
    assert packages <= set(re.findall(r"(\w+)/", tree))


# --- What is equal to a real run ---


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> autotransfer.Run:
    rng = np.random.default_rng(0)
    settings = Settings(
        trials=5, workers=0, methods=("pooled",), test_size=0.25, out=tmp_path_factory.mktemp("run") / "run"
    )
    target, source = (_rows(name, n, rng) for name, n in (("target", 60), ("source", 80)))
    return autotransfer.fit(target, [source], settings=settings)


def _rows(name: str, n: int, rng: np.random.Generator) -> RawData:
    X = rng.normal(size=(n, 3))
    return RawData(name, Modality.FEATURES, X, np.where(X[:, 0] > 0, "a", "b").astype(object))


def test_files_of_a_run(run: autotransfer.Run) -> None:
    rows = table("file")
    names = {path.name for path in run.folder.iterdir()} - {"study.db-wal", "study.db-shm"}
    assert {code(row[0]).rstrip("/") for row in rows} == names
    (columns,) = (code(row[1]) for row in rows if "leaderboard.csv" in row[0])
    assert tuple(columns.split(",")) == COLUMNS
    (inside,) = (re.findall(r"`([^`]+)`", row[1]) for row in rows if "model/" in row[0])
    assert set(inside) == {path.name for path in (run.folder / "model").iterdir()}
    events = [json.loads(line) for line in (run.folder / "log.jsonl").read_text().splitlines()]
    (named,) = (set(re.findall(r"`(\w+)`", row[1])) for row in rows if "log.jsonl" in row[0])
    assert named == {"time", "event"} | {event["event"] for event in events}


@pytest.fixture(scope="module")
def content(run: autotransfer.Run) -> dict[str, object]:
    return json.loads((run.folder / "run.json").read_text())


def test_keys_of_run_json(content: dict[str, object]) -> None:
    """Exactly the keys named, and no others."""
    expected = {code(row[0]) for row in table("key")}
    nested = {path.partition(".")[0] for path in expected if "." in path}
    found = {key for key in content if key not in nested}
    found |= {f"{key}.{inner}" for key in nested for inner in content[key]}
    assert found == expected


SIMPLE = {"text": str, "number": (int, float), "count": int, "flag": bool}


@pytest.mark.parametrize("row", table("key"), ids=lambda row: code(row[0]))
def test_forms_of_run_json(content: dict[str, object], row: list[str]) -> None:
    value = content
    for key in code(row[0]).split("."):
        value = value[key]
    kind = row[1].removesuffix(" or null")
    if value is None:
        assert row[1].endswith(" or null")
    elif kind in SIMPLE:
        assert isinstance(value, SIMPLE[kind])
        assert kind == "flag" or not isinstance(value, bool)
    else:
        _check_form(value, code(kind))


def _check_form(value: object, written: str) -> None:
    """``{a, b}``: these keys; ``{NAME: form}``: any keys; ``[form]``: a list; else a leaf like ``number or null``."""
    if written.startswith("["):
        assert isinstance(value, list)
        for item in value:
            _check_form(item, written[1:-1])
    elif re.match(r"\{[A-Z]", written):
        assert isinstance(value, dict)
        assert value
        for item in value.values():
            _check_form(item, written[1:-1].partition(": ")[2])
    elif written.startswith("{"):
        assert set(value) == set(written[1:-1].split(", "))
    elif written != "value":
        leaf = written.removesuffix(" or null")
        assert isinstance(value, SIMPLE[leaf]) or (value is None and leaf != written)


def test_settings_are_those_of_the_command_line(content: dict[str, object]) -> None:
    assert set(content["settings"]) == {field.name for field in fields(Settings)}


# --- The package ---


def test_the_package_offers_its_names_and_no_others() -> None:
    assert {name for name in autotransfer.__all__ if getattr(autotransfer, name, None) is None} == set()
    assert list(inspect.signature(autotransfer.fit).parameters) == [
        "target",
        "sources",
        "budget",
        "settings",
        "progress",
        "plugins",
    ]
    assert autotransfer.load_run == autotransfer.Run.load
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = autotransfer.nothing


def test_importing_the_package_loads_nothing_heavy() -> None:
    words = "import sys, autotransfer; print({'numpy', 'torch', 'optuna', 'pandas', 'sklearn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "set()"
