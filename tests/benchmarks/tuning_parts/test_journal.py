from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.tuning_parts.journal import Journal


def test_what_was_measured_is_not_measured_again(tmp_path: Path) -> None:
    path, calls = tmp_path / "rows.jsonl", []

    def work() -> dict[str, object]:
        calls.append(1)
        return {"accuracy": len(calls) / 10}

    first = Journal(path).row({"task": "a", "seed": 0}, work)
    again = Journal(path)
    assert again.row({"task": "a", "seed": 0}, work) == first == {"task": "a", "seed": 0, "accuracy": 0.1}
    assert again.row({"task": "a", "seed": 1}, work)["accuracy"] == 0.2
    assert len(path.read_text().splitlines()) == 2


def test_without_a_file_rows_are_shown_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Journal(None).row({"task": "a"}, lambda: {"accuracy": 0.5})
    assert capsys.readouterr().err == '{"task": "a", "accuracy": 0.5}\n'
