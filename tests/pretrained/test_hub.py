from __future__ import annotations

import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from autotransfer.errors import InputError
from autotransfer.pretrained import hub
from autotransfer.pretrained.hub import fetch, unreachable


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)


def test_offline_is_said_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: pytest.fail("asked"))
    with pytest.raises(InputError, match=r"x: its weights are on the .* hub, and HF_HUB_OFFLINE is set; do this"):
        fetch("x", "timm/resnet18.a1_in1k", "model.safetensors", "do this")


@pytest.mark.usefixtures("online")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (urllib.error.URLError(socket.gaierror(-2, "Name or service not known")), "cannot be reached"),
        (TimeoutError("timed out"), "cannot be reached"),
        (urllib.error.HTTPError("u", 404, "no", {}, None), "answers 404"),
    ],
)
def test_one_request_tells_why(monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    asked = []

    def refuse(request: urllib.request.Request, timeout: float) -> None:
        asked.append((request.get_method(), timeout))
        raise error

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    assert words in unreachable("timm/resnet18.a1_in1k", "model.safetensors")
    assert asked == [("HEAD", hub.PATIENCE)]


def test_a_file_in_the_hubs_cache_needs_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"")
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda repository, filename: str(file))
    assert fetch("x", "a/b", "model.safetensors", "") == file
