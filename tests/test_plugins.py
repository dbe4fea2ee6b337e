"""Discovery: third-party plugins load beside the built-in ones; a broken one is named with its fix and harms no other.

Packages are made for real: a module and a ``dist-info`` folder with an entry point, on the import path.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autotransfer.catalogue import Catalogue
from autotransfer.errors import InputError, MissingDependencyError, PluginError
from autotransfer.hookspecs import hookimpl
from autotransfer.plugin_info import describe_plugins
from autotransfer.plugins import load_catalogue, load_plugins
from autotransfer.problem import ReadOptions

HELLO = Path(__file__).parents[1] / "plugins/examples/autotransfer-hello/src/autotransfer_hello/__init__.py"
METHOD = HELLO.read_text(encoding="utf-8")
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Makes an installed package ``autotransfer-NAME`` whose plugin ``NAME`` is the module with the given text."""
    monkeypatch.syspath_prepend(tmp_path)

    def add(name: str, text: str, *, distribution: str = "") -> None:
        package = distribution or f"autotransfer-{name}"
        module = f"{package}-{tmp_path.name}".replace("-", "_")  # never the one of another test
        (tmp_path / f"{module}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        info = tmp_path / f"{package.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[autotransfer]\n{name} = {module}\n")

    return add


def problems(catalogue: Catalogue, plugin: str) -> list[str]:
    return [str(problem) for problem in catalogue.problems if problem.plugin == plugin]


def test_a_third_party_method_stands_beside_the_built_in_ones(install: Install) -> None:
    install("hello", METHOD)
    catalogue = load_catalogue()
    assert problems(catalogue, "hello") == []
    assert catalogue.owners["method:shrunken_means"] == "hello"
    assert catalogue.methods["shrunken_means"].__name__ == "ShrunkenMeans"
    assert "no_transfer" in catalogue.methods


MODULE_ERRORS = {
    "a missing package": ("import not_there_at_all", "ModuleNotFoundError", "pip install not_there_at_all"),
    "an error": ("1 / 0", "ZeroDivisionError", "pip uninstall autotransfer-broken"),
    "bad syntax": ("def f(:", "SyntaxError", "pip uninstall autotransfer-broken"),
    "an exit": ("raise SystemExit(3)", "SystemExit", "pip uninstall autotransfer-broken"),
    "no hook": ("x = 1", "implements no hook", "@hookimpl"),
    "no mark": ("def transfer_methods(): return []", "not marked", "put @hookimpl above it"),
}
HOOK_ERRORS = {
    "a misspelt hook": (
        "def transfer_method(): return []",
        "no hook 'transfer_method'",
        "rename it to transfer_methods",
    ),
    "an argument too many": ("def transfer_methods(x): return []", "asks for 'x'", "def transfer_methods()"),
    "a wrong argument": ("def read_dataset(path): pass", "asks for 'path'", "def read_dataset(uri, options)"),
    "an exception": ("def transfer_methods(): 1 / 0", "raised ZeroDivisionError", "pip uninstall"),
    "a wrong type": ("def transfer_methods(): return 3", "returned int, not a list", "pip uninstall"),
    "None": ("def encoders(): return None", "returned NoneType, not a list", "pip uninstall"),
    "a list of samplers": ("def samplers(): return []", "returned list, not a dict", "pip uninstall"),
    "a sampler that is none": ("def samplers(): return {'s': 1}", "'s' cannot be called", "function of a seed"),
    "an object": ("def transfer_methods(): return [object]", "is not a subclass of", "autotransfer.method.Method"),
    "an estimator class": ("def relatedness_estimators(): return [int]", "is not an instance", "RelatednessEstimator"),
}
CLASS_ERRORS = {
    "no name": ('name = "shrunken_means"', "", "declares no name", "name = "),
    "a taken name": ('"shrunken_means"', '"average"', "an average of two models", "choose another"),
    "a bad name": ('"shrunken_means"', '"Shrunken-Means"', "not lower case", 'name = "shrunken_means"'),
    "no reference": ("reference =", "publication =", "declares no reference", "reference = "),
    "no needs": ("needs =", "wants =", "declares no needs", "needs = Asset."),
    "wrong needs": ("needs = Asset.TARGET_LABELS |", "needs = {1} #", "wrong type set for needs", "needs = Asset."),
    "no predictor": ("regression, predictor = False, LinearPredictor", "", "declares no predictor", "predictor = "),
    "an instance as predictor": ("False, LinearPredictor", "False, 3", "wrong type int for predictor", "predictor ="),
    "no fit": ("def fit", "def train", "does not define fit", "define fit"),
    "an instance": ("return [ShrunkenMeans]", "return [ShrunkenMeans()]", "is not a subclass", "return a subclass"),
}


@pytest.mark.parametrize(("text", "problem", "fix"), MODULE_ERRORS.values(), ids=MODULE_ERRORS)
def test_a_broken_module_is_named_with_its_fix(install: Install, text: str, problem: str, fix: str) -> None:
    install("broken", text)
    install("hello", METHOD)
    catalogue = load_catalogue()
    (line,) = problems(catalogue, "broken")
    assert line.startswith("plugin broken (package autotransfer-broken): ")
    assert problem in line
    assert fix in line
    assert "\n" not in line
    assert "shrunken_means" in catalogue.methods


@pytest.mark.parametrize(("text", "problem", "fix"), HOOK_ERRORS.values(), ids=HOOK_ERRORS)
def test_a_broken_hook_is_named_and_the_others_of_its_plugin_work(
    install: Install, text: str, problem: str, fix: str
) -> None:
    sound = "from autotransfer.hookspecs import hookimpl\n@hookimpl\ndef report_formats(): return {'x': str}\n"
    install("broken", f"{sound}@hookimpl\n{text}\n")
    catalogue = load_catalogue()
    (line,) = problems(catalogue, "broken")
    assert problem in line
    assert fix in line
    assert {"x": str} in catalogue.hook.report_formats()


@pytest.mark.parametrize(("old", "new", "problem", "fix"), CLASS_ERRORS.values(), ids=CLASS_ERRORS)
def test_a_broken_declaration_is_named_with_the_line_to_paste(
    install: Install, old: str, new: str, problem: str, fix: str
) -> None:
    assert old in METHOD
    install("broken", METHOD.replace(old, new))
    catalogue = load_catalogue()
    (line,) = problems(catalogue, "broken")
    assert problem in line
    assert fix in line
    assert "method:shrunken_means" not in catalogue.owners


def test_of_two_methods_with_one_name_the_first_plugin_wins_and_both_are_named(install: Install) -> None:
    install("beta", METHOD)
    install("alpha", METHOD)
    catalogue = load_catalogue()
    assert catalogue.owners["method:shrunken_means"] == "alpha"
    (line,) = problems(catalogue, "beta")
    assert "plugin beta" in line
    assert "'shrunken_means' is taken by the plugin alpha" in line


def test_a_built_in_name_cannot_be_taken(install: Install) -> None:
    install("aaa", METHOD.replace('"shrunken_means"', '"no_transfer"'))
    catalogue = load_catalogue()
    assert catalogue.owners["method:no_transfer"] == "baselines"
    (line,) = problems(catalogue, "aaa")
    assert "taken by the plugin baselines" in line


def test_of_two_plugins_with_one_name_the_first_package_wins(install: Install) -> None:
    install("hello", METHOD, distribution="a-package")
    install("hello", METHOD.replace("shrunken_means", "other"), distribution="b-package")
    catalogue = load_catalogue()
    assert "shrunken_means" in catalogue.methods
    assert "other" not in catalogue.methods
    (line,) = problems(catalogue, "hello")
    assert "(package b-package)" in line
    assert "is taken by a-package" in line


def test_the_environment_restricts_third_party_plugins(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("hello", METHOD)
    install("other", METHOD.replace("shrunken_means", "other"))
    monkeypatch.setenv("AUTOTRANSFER_PLUGINS", "other, absent")
    catalogue = load_catalogue()
    assert {"other", "no_transfer"} <= set(catalogue.methods)
    assert "shrunken_means" not in catalogue.methods
    (line,) = problems(catalogue, "absent")
    assert "it is not installed" in line


def test_a_plugin_given_in_python_needs_no_installation(install: Install) -> None:
    @hookimpl
    def transfer_methods() -> list[Any]:
        return [1]

    catalogue = load_catalogue([SimpleNamespace(__name__="mine", transfer_methods=transfer_methods)])
    (line,) = problems(catalogue, "mine")
    assert line.startswith("plugin mine: transfer_methods returned 1, ")


def plugin(**hooks: Callable[..., Any]) -> SimpleNamespace:
    return SimpleNamespace(__name__="stranger", **{name: hookimpl(function) for name, function in hooks.items()})


@pytest.mark.parametrize("hook", ["read_dataset", "open_source"])
def test_a_reader_that_fails_is_reported_by_its_plugin(hook: str) -> None:
    def fail(uri: str) -> None:
        raise KeyError("colour")

    relay = load_plugins([plugin(**{hook: fail})]).hook
    options = {"options": ReadOptions()} if hook == "read_dataset" else {}
    with pytest.raises(PluginError, match=r"plugin stranger: .* raised KeyError: 'colour'") as caught:
        getattr(relay, hook)(uri="stranger:1", **options)
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize("error", [InputError("no such column"), MissingDependencyError("x", "y", "z")])
def test_errors_meant_for_the_user_pass(error: Exception) -> None:
    def refuse(uri: str) -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        load_plugins([plugin(open_source=refuse)]).hook.open_source(uri="stranger:1")
    assert caught.value is error


def test_where_all_plugins_are_asked_a_failure_is_logged_and_the_others_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise KeyError("colour")

    def answer() -> dict[str, Any]:
        return {"x": str}

    other = SimpleNamespace(__name__="other", report_formats=hookimpl(answer))
    answers = load_plugins([plugin(report_formats=fail), other]).hook.report_formats()
    assert {"x": str} in answers
    assert "plugin stranger: report_formats raised KeyError: 'colour'" in caplog.text


def test_the_list_says_what_each_plugin_brings(install: Install) -> None:
    install("broken", "1 / 0")
    install("hello", METHOD)
    rows = {row.name: row for row in describe_plugins(load_catalogue())}
    assert rows["hello"].brings == ("method shrunken_means",)
    assert (rows["hello"].distribution, rows["hello"].version) == ("autotransfer-hello", "1.2")
    assert rows["broken"].brings == ()
    assert len(rows["broken"].problems) == 1
    assert "method no_transfer" in rows["baselines"].brings
    assert "reads data sets" in rows["core"].brings


def test_loading_plugins_imports_no_heavy_library() -> None:
    code = (
        "from autotransfer.plugins import load_plugins as l; l(); import sys, json; print(json.dumps([*sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "optuna", "sklearn", "pandas", "numpy"} & set(json.loads(done.stdout))


def test_loading_the_catalogue_imports_neither_torch_nor_optuna() -> None:
    code = "import autotransfer.plugins as p; p.load_catalogue(); import sys, json; print(json.dumps([*sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "optuna"} & set(json.loads(done.stdout))
