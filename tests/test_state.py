"""Plain data to disk and back: equal when intact, ``InputError`` when not, whole at every moment."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autotransfer.errors import InputError
from autotransfer.state import load_state, save_state, write_atomically

ARRAYS = arrays.arrays(
    st.sampled_from([np.bool_, np.int64, np.int32, np.uint8, np.float32, np.float64]),
    arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
PLAIN = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(st.characters(codec="utf-8"))
KEYS = st.text(st.characters(codec="utf-8"), max_size=5).filter(lambda key: key != "$tensor")
STATES = st.dictionaries(
    KEYS,
    st.recursive(
        PLAIN | ARRAYS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


def equal(left: object, right: object) -> bool:
    if isinstance(left, dict):
        return isinstance(right, dict) and list(left) == list(right) and all(equal(left[k], right[k]) for k in left)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    return type(left) is type(right) and repr(left) == repr(right)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=STATES)
def test_any_state_comes_back_equal(tmp_path, state):
    """load(save(s)) = s: same types, same dtypes, same bytes, same order."""
    save_state(tmp_path, state)
    assert equal(load_state(tmp_path), state)


def test_keys_with_slashes_do_not_collide(tmp_path):
    save_state(tmp_path, {"a/b": np.zeros(1), "a": {"b": np.ones(2)}})
    assert equal(load_state(tmp_path), {"a/b": np.zeros(1), "a": {"b": np.ones(2)}})


def test_nothing_that_is_saved_is_a_pickle(tmp_path):
    save_state(tmp_path, {"weights": np.arange(3.0), "nested": {"kind": "linear"}})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.json", "model.safetensors"]
    json.loads((tmp_path / "model.json").read_text())


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", np.array(["text"]), np.array([object()]), 1j])
def test_what_is_no_plain_data_is_refused_with_its_place(tmp_path, value):
    with pytest.raises(TypeError, match="state/a/0"):
        save_state(tmp_path, {"a": [value]})


def test_sequences_and_numpy_scalars_become_plain(tmp_path):
    save_state(tmp_path, {"pair": (1, 2.5), "n": np.int64(3), "x": np.float32(0.5), "yes": np.bool_(True)})
    assert load_state(tmp_path) == {"pair": [1, 2.5], "n": 3, "x": 0.5, "yes": True}


def _deep() -> bytes:
    return b'{"a":' * 100_000 + b"1" + b"}" * 100_000


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b"null", b"\xff\xfe", b'{"a": {"$tensor": "/nowhere"}}', b'{"a": {"$tensor": []}}', _deep()],
    ids=["empty", "cut", "list", "null", "no utf-8", "no such tensor", "key of another type", "too deep"],
)
def test_damaged_json_is_one_line(tmp_path, content):
    save_state(tmp_path, {"a": np.zeros(2)})
    (tmp_path / "model.json").write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_state(tmp_path)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "header too long", "header no JSON", "beyond the end"])
def test_damaged_tensors_are_one_line(tmp_path, damage):
    save_state(tmp_path, {"a": np.arange(100.0)})
    file = tmp_path / "model.safetensors"
    whole = file.read_bytes()
    header = b'{"/a":{"dtype":"F64","shape":[100],"data_offsets":[0,8000000]}}'
    contents = {
        "empty": b"",
        "cut": whole[:-1],
        "header too long": (2**62).to_bytes(8, "little") + whole[8:],
        "header no JSON": (5).to_bytes(8, "little") + b"hello",
        "beyond the end": len(header).to_bytes(8, "little") + header,
    }
    file.unlink()
    if damage in contents:
        file.write_bytes(contents[damage])
    with pytest.raises(InputError) as caught:
        load_state(tmp_path)
    assert len(str(caught.value).splitlines()) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), byte=st.integers(0, 255), name=st.sampled_from(["model.json", "model.safetensors"]))
def test_any_changed_byte_gives_a_state_or_an_input_error(tmp_path, place, byte, name):
    save_state(tmp_path, {"a": np.arange(4.0), "b": {"c": [1, "two", None]}})
    content = bytearray((tmp_path / name).read_bytes())
    content[place % len(content)] = byte
    (tmp_path / name).write_bytes(bytes(content))
    with suppress(InputError):
        assert isinstance(load_state(tmp_path), dict)


WRITER = """
import sys
from contextlib import suppress
from pathlib import Path
from autotransfer.state import write_atomically
path = Path(sys.argv[1])
n = 0
while True:
    write_atomically(path, bytes([n % 256]) * 300_000)
    n += 1
    if n == 3:
        print("ready", flush=True)
"""


def test_a_file_is_whole_whenever_its_writer_is_killed(tmp_path):
    """Each content is one byte repeated, so a mixture of two or a part of one would show."""
    path = tmp_path / "file"
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"ready\n"
            for _ in range(50):
                content = path.read_bytes()
                assert len(content) == 300_000
                assert len(set(content)) == 1
            process.send_signal(signal.SIGKILL)
            process.wait()
        content = path.read_bytes()
        assert len(content) == 300_000
        assert len(set(content)) == 1


def test_a_write_replaces_the_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "new" / "file"
    for content in (b"long old content", b"new"):
        write_atomically(path, content)
        assert path.read_bytes() == content
    assert [entry.name for entry in Path(path.parent).iterdir()] == ["file"]
