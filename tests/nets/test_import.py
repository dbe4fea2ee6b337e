"""Loading the catalogue stays light."""

from __future__ import annotations

import subprocess
import sys


def test_the_package_and_the_whole_catalogue_load_without_torch() -> None:
    code = "import autotransfer.nets, sys; from autotransfer.plugins import load_catalogue; load_catalogue(); "
    code += "assert 'autotransfer_adaptation.deep.dann' in sys.modules; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
