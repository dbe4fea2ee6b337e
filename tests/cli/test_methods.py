"""autotransfer methods: what is installed."""

from __future__ import annotations

import json

import pytest

from autotransfer.plugins import load_catalogue


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def test_everything_is_listed(call, catalogue):
    listed = json.loads(call("methods", "--json").out)
    assert [item["name"] for item in listed["validators"]] == list(catalogue.validators)
    assert [item["name"] for item in listed["methods"]] == list(catalogue.methods)
    assert [item["name"] for item in listed["estimators"]] == list(catalogue.estimators)
    out = call("methods").out
    assert all(name in out for name in (*catalogue.methods, *catalogue.estimators, *catalogue.validators))


def test_a_method_shows_its_declaration_and_settings(call, catalogue):
    method = catalogue.methods["coral"]
    page = json.loads(call("methods", "coral", "--json").out)
    assert page["settings"] == json.loads(json.dumps(method().params()))
    assert page["reference"] == method.reference
    assert page["plugin"] == "adaptation"
    text = call("methods", "coral").out
    assert "Settings and their defaults" in text
    assert all(name in text for name in page["settings"])


def test_an_estimator_says_how_to_read_it(call, catalogue):
    page = json.loads(call("methods", "mmd", "--json").out)
    assert page["better"] == "lower"
    assert page["meaning"] == catalogue.estimators["mmd"].meaning
    assert "cost" in call("methods", "mmd").out


def test_a_validator_says_what_it_looks_at(call, catalogue):
    page = json.loads(call("methods", "entropy", "--json").out)
    assert (page["kind"], page["better"], page["targets"]) == ("validator", "lower", ["classes"])
    assert page["needs"] == "predictions for unlabelled target rows"
    assert page["plugin"] == "validators"
    assert catalogue.validators["entropy"].reference in call("methods", "entropy").out.replace("\n", " ")


def test_unknown_names_get_near_ones(call):
    result = call("methods", "corl")
    assert result.code == 2
    assert "coral" in result.err
