"""Every method, estimator, encoder and validator that is built in keeps the promises of the conformance kit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from autotransfer.catalogue import Catalogue
from autotransfer.data import Modality
from autotransfer.method import Method
from autotransfer.plugin_info import describe_plugins
from autotransfer.plugins import CORE, load_catalogue
from autotransfer.testing import (
    Check,
    encoder_checks,
    estimator_checks,
    method_checks,
    parametrize,
    validator_checks,
)
from autotransfer.testing.problems import ToyProblem, toy_problems
from autotransfer.tuning import TunedMethod

EXEMPT: dict[str, dict[str, str]] = {
    "soft_neighborhood_density": {
        "right_over_wrong[classes]": "predictions that are alike for all rows are the densest neighbourhood of all"
    },
    "seen_or_chance": {"beats_chance": "it is the chance that others have to beat, on rows of unseen classes alone"},
    "cross_modal_transfer": {"beats_chance[unseen_classes]": "rows between two seen classes are not far from either"},
    "label_overlap": {"tells_noise[rotation_shift]": "it compares class names, and the noise has the target's classes"},
    "co_tuning": {
        "assets_used[SOURCE_HEAD]": "it trains the linear head that the source's encoder gives, not what only predicts"
    },
    "source_size": {"tells_noise": "it counts rows, and noise may have as many"},
}
"""Name -> check -> why the promise cannot hold."""

KEPT = ("covariate_shift", "multi_source", "disjoint_classes", "regression_shift")
"""Toy problems for methods that keep their source."""


@cache
def built_in() -> Catalogue:
    """Without what else is installed on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOTRANSFER_PLUGINS", "")
        return load_catalogue()


ON_IMAGES = ("fine_tuning", "lora", "moving_average")
"""Of the methods that train a pretrained network further. All see rows through one base; averages of weights lag behind
on the values of toy texts."""


def problems_for(method: type[Method]) -> tuple[ToyProblem, ...] | None:
    """Networks of texts train in a part of the time of those of images: small students do, which tests of their own try
    on images, and all but two of the methods that train a pretrained network further. Methods that keep their source
    see a problem of each kind that they tell apart: one source, pooled ones, other classes."""
    if method.keeps:
        return tuple(toy for toy in toy_problems() if toy.name in KEPT)
    in_short = method.trades or (issubclass(method, TunedMethod) and method.name not in ON_IMAGES)
    return toy_problems(Modality.TEXT) if in_short and Modality.TEXT in method.modalities else None


def shortened(method: type[Method]) -> Method | None:
    """Fewer epochs, where a network or a student is trained."""
    if not (method.trades or issubclass(method, TunedMethod)):
        return None
    fields = {"epochs": 3, "teacher_epochs": 2}
    default = method()
    return replace(default, **{name: value for name, value in fields.items() if hasattr(default, name)})


def checks() -> Iterator[Check]:
    catalogue = built_in()
    for name, method in catalogue.methods.items():
        yield from method_checks(
            method, exempt=EXEMPT.get(name), problems=problems_for(method), short=shortened(method)
        )
    for name, estimator in catalogue.estimators.items():
        yield from estimator_checks(estimator, exempt=EXEMPT.get(name))
    for encoder in catalogue.encoders:
        yield from encoder_checks(encoder, exempt=EXEMPT.get(encoder.name))
    for name, validator in catalogue.validators.items():
        yield from validator_checks(validator, exempt=EXEMPT.get(name))


@parametrize(list(checks()))
def test_promise(check: Check) -> None:
    check()


def test_every_plugin_loads_whole() -> None:
    assert built_in().problems == ()


def test_every_family_brings_something() -> None:
    for plugin in describe_plugins(built_in()):
        assert plugin.distribution == CORE
        assert plugin.brings


def test_exemptions_name_what_is_there() -> None:
    catalogue = built_in()
    names = {
        *catalogue.methods,
        *catalogue.estimators,
        *catalogue.validators,
        *(encoder.name for encoder in catalogue.encoders),
    }
    assert set(EXEMPT) <= names
