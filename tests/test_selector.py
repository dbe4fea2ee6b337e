"""Arms in rank order: every arm once, the best source first, no method waiting for all sources of another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.assets import Asset
from autotransfer.catalogue import Catalogue
from autotransfer.data import Dataset, Modality
from autotransfer.errors import PluginError
from autotransfer.hookspecs import hookimpl
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.relatedness import Role
from autotransfer.selector import EvidenceSelector, Forecast, Selector, choose_selector
from autotransfer.task import Source
from autotransfer.trial import Arm

CATALOGUE = load_catalogue(())
SELECTOR = EvidenceSelector(CATALOGUE.estimators, CATALOGUE.methods)
GAIN = next(e.name for e in CATALOGUE.estimators.values() if e.role is Role.GAIN)
RISK = next(e.name for e in CATALOGUE.estimators.values() if e.role is Role.RISK)
TRANSFER = [name for name, method in CATALOGUE.methods.items() if method.is_transfer()]
ROWS = Dataset("t", Modality.FEATURES, np.zeros((2, 1)), np.arange(2))


def problem_of(*names: str, pool: str | None = None) -> Problem:
    domain = np.zeros(2, np.int64)
    sources = [
        Source(name, Asset.SOURCE_INPUTS, Dataset(name, Modality.FEATURES, np.zeros((2, 1)), domain=domain * 0))
        if name == pool
        else Source(name, Asset.SOURCE_INPUTS, ROWS)
        for name in names
    ]
    return Problem("p", ROWS, ("a", "b"), tuple(sources))


@settings(max_examples=40, deadline=None)
@given(
    gains=st.dictionaries(st.sampled_from("stuv"), st.none() | st.floats(-1, 1), min_size=1),
    risks=st.dictionaries(st.sampled_from("stuv"), st.floats(0, 1)),
    data=st.data(),
)
def test_every_arm_is_ranked_once_with_what_is_known_of_its_source(gains, risks, data):
    arms = [Arm("no_transfer"), *(Arm(method, source) for method in TRANSFER for source in gains)]
    evidence = {source: {GAIN: gain, RISK: risks.get(source)} for source, gain in gains.items()}
    ranked = SELECTOR.rank(data.draw(st.permutations(arms)), evidence, problem_of(*gains))
    assert sorted((f.arm.method, f.arm.source or "") for f in ranked) == sorted(
        (a.method, a.source or "") for a in arms
    )
    assert ranked[0].arm == Arm("no_transfer")
    for forecast in ranked[1:]:
        assert forecast.gain == gains[forecast.arm.source]
        assert forecast.risk == risks.get(forecast.arm.source)


def test_each_method_tries_its_sources_by_gain_unknown_ones_as_zero():
    arms = [Arm(method, source) for method in TRANSFER for source in "stu"]
    evidence = {"s": {GAIN: -0.2}, "t": {GAIN: 0.3}, "u": {GAIN: None}}
    ranked = [forecast.arm for forecast in SELECTOR.rank(arms, evidence, problem_of(*"stu"))]
    for method in TRANSFER:
        assert [arm.source for arm in ranked if arm.method == method] == ["t", "u", "s"]


def test_methods_come_in_the_order_of_their_places_and_unplaced_ones_first():
    """With one source, methods are tried by place; one that has none was added by the user and is tried at once."""
    names = ["stacking", "coral", "pooled", "interpolation"]
    selector = EvidenceSelector(CATALOGUE.estimators, CATALOGUE.methods, {"pooled": 2, "coral": 0, "stacking": 1})
    ranked = selector.rank([Arm(name, "s") for name in names], {}, problem_of("s"))
    assert [forecast.arm.method for forecast in ranked] == ["interpolation", "coral", "stacking", "pooled"]


def test_networks_without_a_place_come_after_what_takes_no_time():
    """A linear probe on frozen features is tried before the whole network is trained."""
    names = ["fine_tuning", "linear_probe", "interpolation"]
    for places in ({}, {"linear_probe": 0}):
        selector = EvidenceSelector(CATALOGUE.estimators, CATALOGUE.methods, places)
        ranked = selector.rank([Arm(name, "s") for name in names], {}, problem_of("s"))
        assert ranked[-1].arm.method == "fine_tuning"


def test_several_sources_together_come_first_without_an_estimate():
    arms = [Arm("pooled", source) for source in ("s", "all")]
    for evidence in ({}, {"s": {GAIN: 5.0}, "all": {GAIN: None}}):
        ranked = SELECTOR.rank(arms, evidence, problem_of("s", "all", pool="all"))
        assert [forecast.arm.source for forecast in ranked] == ["all", "s"]
        assert ranked[0].gain is None


def test_no_method_waits_for_all_sources_of_another():
    """The best source of the third method is tried before the worst of the first."""
    sources = [f"s{index}" for index in range(6)]
    arms = [Arm(method, source) for method in TRANSFER[:3] for source in sources]
    evidence = {source: {GAIN: -float(index)} for index, source in enumerate(sources)}
    ranked = [forecast.arm for forecast in SELECTOR.rank(arms, evidence, problem_of(*sources))]
    first_of = {method: min(ranked.index(Arm(method, s)) for s in sources) for method in TRANSFER[:3]}
    last_of = {method: max(ranked.index(Arm(method, s)) for s in sources) for method in TRANSFER[:3]}
    assert max(first_of.values()) < min(last_of.values())


def test_estimates_of_several_estimators_are_averaged_and_other_evidence_is_not_read():
    evidence = {"s": {GAIN: 0.5, "mmd": 100.0}}
    (forecast,) = SELECTOR.rank([Arm("pooled", "s")], evidence, problem_of("s"))
    assert forecast.gain == 0.5


def catalogue_with(made: object) -> Catalogue:
    """The installed catalogue and a plugin that makes this selector."""

    class Maker:
        @hookimpl
        def make_selector(self, history: object) -> object:
            return made

    return load_catalogue([Maker()])


def test_a_plugin_may_bring_the_selector() -> None:
    """The first plugin that makes one is asked instead of this run's own evidence."""

    class Backwards(Selector):
        def rank(self, arms, evidence, problem):
            return tuple(Forecast(arm, None, None) for arm in reversed(arms))

    mine = Backwards()
    assert choose_selector(catalogue_with(mine)) is mine
    assert isinstance(choose_selector(catalogue_with(None)), EvidenceSelector)


def test_what_is_no_selector_is_refused() -> None:
    """One line names the hook and what it must return."""
    with pytest.raises(PluginError, match="make_selector returned str; it must return"):
        choose_selector(catalogue_with("selector"))
