"""Weights from the Hugging Face hub, and a clear answer at once where there is none."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from pathlib import Path

from autotransfer.errors import InputError

PATIENCE = 4.0
"""Seconds in which the hub must answer."""


def fetch(uri: str, repository: str, filename: str, instead: str) -> Path:
    """The file of a repository, from the hub's own cache if it is there.

    Without a network the hub's client would try again for most of a minute, for each of several file names: here one
    request asks first.

    :param instead: what the user can do without the hub, in words.
    :raises InputError: the hub cannot be reached or has no such file.
    """
    import huggingface_hub
    from huggingface_hub.errors import HfHubHTTPError

    cached = huggingface_hub.try_to_load_from_cache(repository, filename)
    if isinstance(cached, str):
        return Path(cached)
    reason = unreachable(repository, filename)
    if reason is not None:
        raise InputError(f"{uri}: its weights are on the Hugging Face hub, {reason}; {instead}")
    try:
        return Path(huggingface_hub.hf_hub_download(repository, filename, etag_timeout=PATIENCE))
    except (OSError, ValueError, HfHubHTTPError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"{uri}: its weights cannot be fetched ({reason}); {instead}") from error


def unreachable(repository: str, filename: str) -> str | None:
    """Why a file cannot be had from the hub, in words, or None. Takes a few seconds at most."""
    from huggingface_hub import constants, hf_hub_url

    if constants.HF_HUB_OFFLINE or os.environ.get("HF_HUB_OFFLINE", "").upper() in constants.ENV_VARS_TRUE_VALUES:
        return "and HF_HUB_OFFLINE is set"
    url = hf_hub_url(repository, filename)
    if not url.startswith("https://"):
        return f"but its address {url} is not a safe one"
    request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - https, see above
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310
            return None
    except urllib.error.HTTPError as error:
        return f"which answers {error.code} for {repository}/{filename}"
    except (OSError, ValueError) as error:
        return f"which cannot be reached ({getattr(error, 'reason', error)})"
