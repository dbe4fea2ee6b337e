"""The catalogue finds methods by name, and its problems read as one line."""

from __future__ import annotations

import pytest

from autotransfer.catalogue import Catalogue, PluginProblem
from autotransfer.errors import InputError
from autotransfer.method import Method


class Coral(Method):
    """Stands for any method class: the catalogue never calls it."""


class Pooled(Method):
    """Another one."""


CATALOGUE = Catalogue({"coral": Coral, "pooled": Pooled}, {}, (), {}, (), {}, hook=None)


def test_a_method_is_found_by_its_name() -> None:
    assert CATALOGUE.method("coral") is Coral


@pytest.mark.parametrize(("wrong", "offered"), [("corall", "coral"), ("poold", "pooled"), ("zzz", "coral, pooled")])
def test_an_unknown_name_is_answered_with_the_near_ones(wrong: str, offered: str) -> None:
    with pytest.raises(InputError) as caught:
        CATALOGUE.method(wrong)
    assert str(caught.value).startswith(f"no method is called {wrong!r}: choose one of {offered} ")


def test_a_problem_names_plugin_package_rule_and_fix() -> None:
    problem = PluginProblem("hello", "autotransfer-hello", "it implements no hook", "run: pip uninstall it")
    words = "plugin hello (package autotransfer-hello): it implements no hook; run: pip uninstall it"
    assert str(problem) == words
    assert str(PluginProblem("hello", "", "p", "f")) == "plugin hello: p; f"
