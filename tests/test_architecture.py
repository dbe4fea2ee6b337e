"""The rules of the code base, read from its syntax trees: import direction, size, signatures, tests.

To add a module: nothing, while the rules hold. To add a part of the core that plugins may use: ``PLUGIN_SURFACE``.
"""

from __future__ import annotations

import ast
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = ROOT / "autotransfer"

TYPES = frozenset(
    {
        "assets",
        "average",
        "bridge",
        "config",
        "data",
        "encoder",
        "entries",
        "errors",
        "footprint",
        "hookspecs",
        "kept",
        "method",
        "metrics",
        "predictor",
        "problem",
    }
    | {"progress", "relatedness", "settings", "state", "task", "trainable", "trial", "validator"}
)
"""The nouns. They import each other and nothing else of the project."""

PLUGIN_SURFACE = TYPES | {"kernels", "learners", "nets", "pretrained", "scaling", "testing", "tuning"}
"""What plugins may import."""

ALLOWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(TYPES, TYPES),
    "kernels": TYPES | {"readers"},
    "learners": TYPES,
    "nets": TYPES | {"encoders"},
    "scaling": TYPES,
    "tuning": TYPES | {"learners", "nets"},
    "demos": TYPES,
    "readers": TYPES | {"demos"},
    "encoders": TYPES | {"_compat"},
    "pretrained": TYPES | {"_compat", "encoders", "features", "readers"},
    "executors": TYPES,
    "splits": TYPES,
    "guard": TYPES,
    "foresight": TYPES,
    "sourcebook": TYPES,
    "selection": TYPES,
    "leaderboard": TYPES,
    "experience": TYPES | {"foresight", "leaderboard", "readers"},
    "features": TYPES | {"feature_files", "recent"},
    "loading": TYPES | {"readers", "sourcebook"},
    "report": TYPES | {"leaderboard"},
    "render": TYPES | {"report"},
    "display": TYPES | {"report", "render"},
    "builtin": TYPES | {"readers", "encoders"},
    "catalogue": TYPES,
    "contributions": TYPES,
    "plugin_info": TYPES | {"catalogue"},
    "plugins": TYPES | {"catalogue", "contributions", "plugin_info"},
    "scaffold": TYPES,
    "testing": TYPES | {"catalogue", "contributions", "plugins"},
}
"""Part of the core -> the other parts that it may import. What is not listed is the engine: see ``NOT_FOR_ENGINE``."""

NOT_FOR_ENGINE = frozenset({"cli", "estimators", "scaffold", "testing"})
"""Thin shells over the engine. Only ``cli`` may import them."""

ONLY_IN = {"optuna": ["autotransfer/prior_sampler.py", "autotransfer/search.py"]}
"""A library -> the only files that import it."""

TESTED_THROUGH = {
    "autotransfer/contributions.py": "tests/test_plugins.py",
    "autotransfer/each_task.py": "tests/plugins/multitask/test_family.py",
    "autotransfer/encoders/term_weights.py": "tests/encoders/test_tfidf.py",
    "autotransfer/executors/launch.py": "tests/executors/test_pool.py",
    "autotransfer/executors/template.py": "tests/executors/test_pool.py",
    "autotransfer/learners/constant_predictor.py": "tests/learners/test_learner.py",
    "autotransfer/learners/features_predictor.py": "tests/learners/test_learner.py",
    "autotransfer/learners/learner_predictor.py": "tests/learners/test_learner.py",
    "autotransfer/learners/linear_predictor.py": "tests/learners/test_linear.py",
    "autotransfer/learners/mlp_predictor.py": "tests/learners/test_mlp.py",
    "autotransfer/learners/principal.py": "tests/learners/test_neighbors.py",
    "autotransfer/learners/ridge.py": "tests/learners/test_linear.py",
    "autotransfer/loading/books.py": "tests/test_indexing.py",
    "autotransfer/loading/inputs.py": "tests/loading/test_load.py",
    "autotransfer/loading/pool.py": "tests/loading/test_load.py",
    "autotransfer/loading/readings.py": "tests/loading/test_load.py",
    "autotransfer/loading/sourcelabels.py": "tests/loading/test_load.py",
    "autotransfer/loading/sources.py": "tests/loading/test_load.py",
    "autotransfer/loading/subtasks.py": "tests/loading/test_many.py",
    "autotransfer/loading/target.py": "tests/loading/test_load.py",
    "autotransfer/readers/array_rows.py": "tests/readers/test_npz.py",
    "autotransfer/readers/files.py": "tests/readers/test_table.py",
    "autotransfer/readers/images.py": "tests/readers/test_image_folder.py",
    "autotransfer/readers/user_cache.py": "tests/readers/test_image_zip.py",
    "autotransfer/testing/audit.py": "tests/testing/test_methods.py",
    "autotransfer/testing/behaviour.py": "tests/testing/test_methods.py",
    "autotransfer/testing/declaration.py": "tests/testing/test_methods.py",
    "autotransfer/testing/draw.py": "tests/testing/test_problems.py",
    "autotransfer/testing/parameters.py": "tests/testing/test_methods.py",
    "autotransfer/tuning/change.py": "tests/tuning/test_tuning.py",
    "plugins/autotransfer_adaptation/label_shift_method.py": "tests/plugins/adaptation/test_bbse.py",
    "plugins/autotransfer_adaptation/ratio_weighting.py": "tests/plugins/adaptation/test_kliep.py",
    "plugins/autotransfer_adaptation/testtime/method.py": "tests/plugins/adaptation/testtime/test_tent.py",
    "plugins/autotransfer_baselines/mixed_predictor.py": "tests/plugins/baselines/test_interpolation.py",
    "plugins/autotransfer_baselines/scaled_predictor.py": "tests/plugins/baselines/test_pooled.py",
    "plugins/autotransfer_baselines/stacked_predictor.py": "tests/plugins/baselines/test_stacking.py",
    "plugins/autotransfer_fewshot/episodic.py": "tests/plugins/fewshot/test_prototypical_networks.py",
    "plugins/autotransfer_finetuning/head_decay.py": "tests/plugins/finetuning/test_l2_sp.py",
    "plugins/autotransfer_multitask/method.py": "tests/plugins/multitask/test_equal_weights.py",
    "plugins/autotransfer_peft/beside_convolutions.py": "tests/plugins/peft/test_changes.py",
    "plugins/autotransfer_zeroshot/ranked.py": "tests/plugins/zeroshot/test_ranking.py",
}
"""Inner modules that no test names -> the test that tries them through what uses them."""

HEAVY = {"torch", "optuna", "sklearn", "pandas", "scipy", "numpy"}
"""Not needed to print help."""

MODULE_LINES, FUNCTION_LINES, MEDIAN_LINES = 300, 45, 100


@cache
def files() -> tuple[Path, ...]:
    """Every Python file of the core, the built-in plugins and the example."""
    found = [*CORE.rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]
    return tuple(sorted(path.relative_to(ROOT) for path in found if "tests" not in path.parts))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Dotted names of all that is imported when the code runs, inside functions too; imports for types left out."""
    waiting: list[ast.AST] = [tree(path)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write the full module name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        waiting += ast.iter_child_nodes(node)


def part_of(module: str) -> str | None:
    """``autotransfer.learners.linear`` -> ``learners``; None outside of the core and for its own name and version."""
    names = module.split(".")
    if names[0] != "autotransfer" or len(names) == 1:
        return None
    exists = (CORE / names[1]).is_dir() or (CORE / f"{names[1]}.py").is_file()
    return names[1] if exists else None


CORE_FILES = [path for path in files() if path.parts[0] == "autotransfer" and len(path.parts) > 1]
PLUGIN_FILES = [path for path in files() if path.parts[0] == "plugins"]


@pytest.mark.parametrize("path", CORE_FILES, ids=str)
def test_the_core_imports_downwards(path: Path) -> None:
    part = path.with_suffix("").parts[1]
    for module in imports(path):
        other = part_of(module)
        if other in (None, part) or part in ("cli", "__main__"):
            continue
        if part in ALLOWED:
            assert other in ALLOWED[part], f"{path} imports {module}: {part} may not know {other}"
        else:
            assert other not in NOT_FOR_ENGINE, f"{path} imports {module}: the engine does not know its shells"
        assert not module.startswith("autotransfer_"), f"{path} imports {module}: the core knows no plugin"


@pytest.mark.parametrize("path", PLUGIN_FILES, ids=str)
def test_plugins_import_public_modules_only(path: Path) -> None:
    family = next(name for name in path.parts if name.startswith("autotransfer_"))
    for module in imports(path):
        other = part_of(module)
        assert other is None or other in PLUGIN_SURFACE, f"{path} imports {module}: plugins may not know {other}"
        top = module.partition(".")[0]
        assert not top.startswith("autotransfer_") or top == family, f"{path} imports {module}: another family's"


@pytest.mark.parametrize("part", sorted({*ALLOWED, *NOT_FOR_ENGINE, *PLUGIN_SURFACE}))
def test_the_tables_name_what_exists(part: str) -> None:
    assert (CORE / part).is_dir() or (CORE / f"{part}.py").is_file()


@pytest.mark.parametrize(("library", "home"), ONLY_IN.items(), ids=ONLY_IN)
def test_a_library_with_a_home_stays_there(library: str, home: list[str]) -> None:
    users = [str(path) for path in files() if any(name.partition(".")[0] == library for name in imports(path))]
    assert users == home


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    """The graph of imports at module level (not in functions) has a topological order."""
    from graphlib import TopologicalSorter

    names = {".".join(path.with_suffix("").parts).removesuffix(".__init__"): path for path in CORE_FILES}
    graph = {
        name: {found for module in _at_module_level(path) for found in _known(module, names)} - {name}
        for name, path in names.items()
    }
    assert len(list(TopologicalSorter(graph).static_order())) >= len(names)


def _at_module_level(path: Path) -> Iterator[str]:
    for node in tree(path).body:
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _known(module: str, names: dict[str, Path]) -> Iterator[str]:
    """The module itself, or the one that holds the name."""
    if module in names:
        yield module
    elif module.rpartition(".")[0] in names:
        yield module.rpartition(".")[0]


@pytest.mark.parametrize("path", files(), ids=str)
def test_modules_and_functions_are_small(path: Path) -> None:
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_LINES, f"{path} has {lines} lines"
    for function in functions(path):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= FUNCTION_LINES, f"{path}: {function.name} has {length} lines"


def test_the_median_module_is_small() -> None:
    sizes = [len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in files()]
    assert statistics.median(sizes) <= MEDIAN_LINES


@pytest.mark.parametrize("path", files(), ids=str)
def test_arguments_have_names(path: Path) -> None:
    for function in functions(path):
        assert function.args.kwarg is None, f"{path}: {function.name} takes **{function.args.kwarg.arg}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def named_in_tests() -> frozenset[str]:
    """Modules that some test imports from, by name."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found.update((node.module, *(f"{node.module}.{alias.name}" for alias in node.names)))
            elif isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
    return frozenset(found)


MIRRORED = [path for path in files() if path.name not in ("__init__.py", "__main__.py")]


@pytest.mark.parametrize("path", MIRRORED, ids=str)
def test_every_module_has_a_test(path: Path) -> None:
    """Its mirror in ``tests``, or another test that imports it by name, or ``TESTED_THROUGH``."""
    parts = path.parts[1:]
    folders = parts[:-1]
    if path.parts[0] == "plugins":
        folders = ("plugins", parts[0].removeprefix("autotransfer_"), *parts[1:-1])
    mirror = ROOT.joinpath("tests", *folders, f"test_{path.name}")
    module = ".".join(parts if path.parts[0] == "plugins" else path.parts).removesuffix(".py")
    tested = mirror.is_file() or module in named_in_tests()
    words = f"{path}: write {mirror.relative_to(ROOT)}, or name the test that tries it in TESTED_THROUGH"
    assert tested != (str(path) in TESTED_THROUGH), words


@pytest.mark.parametrize(("module", "test"), TESTED_THROUGH.items(), ids=TESTED_THROUGH)
def test_the_table_of_tests_names_what_exists(module: str, test: str) -> None:
    assert (ROOT / module).is_file()
    assert (ROOT / test).is_file()


@pytest.mark.parametrize("arguments", [["-c", "import autotransfer"], ["-m", "autotransfer", "--help"]], ids=" ".join)
def test_help_loads_no_heavy_library(arguments: list[str]) -> None:
    """``-X importtime`` names every module that is imported, on standard error."""
    done = subprocess.run([sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "autotransfer" in loaded
    assert not loaded & HEAVY


def test_every_entry_point_is_in_the_wheel() -> None:
    """What ``pyproject.toml`` declares as plugins is what it packs."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    entries = project["project"]["entry-points"]["autotransfer"].values()
    packed = {Path(folder).name for folder in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    assert {module.partition(".")[0] for module in entries} <= packed
    families = {path.name for path in (ROOT / "plugins").glob("autotransfer_*") if path.is_dir()}
    assert families <= packed, json.dumps(sorted(families - packed))
