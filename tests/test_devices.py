"""Devices that exist and those that do not."""

from __future__ import annotations

import pytest
import torch

from autotransfer.devices import check_device
from autotransfer.errors import InputError


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_cuda_device_is_one_of_those_that_pytorch_counts(monkeypatch, count):
    """``cuda`` is ``cuda:0``; ``cuda:k`` is there if k < count."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
    check_device("cpu")
    for index, name in ((0, "cuda"), (0, "cuda:0"), (1, "cuda:1"), (2, "cuda:2")):
        if index < count:
            check_device(name)
        else:
            with pytest.raises(InputError, match=rf"^--device {name}: PyTorch finds {count} cuda devices here"):
                check_device(name)


@pytest.mark.parametrize("name", ["", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:1:2", "CPU", "cpu:0", "meta"])
def test_other_names_are_refused_in_one_line(name):
    with pytest.raises(InputError, match="no such device") as caught:
        check_device(name)
    assert len(str(caught.value).splitlines()) == 1
