"""A pretrained network trained further on raw target rows: what fine-tuning, parameter-efficient tuning and their kin
share.

A method derives from :class:`TunedMethod` and says what differs from plain fine-tuning: a :class:`Change` of the
network before training, which parameters move when and how fast, the loss, and what is done around the training. It
sees the network and its rows as a :class:`Tuning`. What ``fit`` returns, a
:class:`TunedPredictor`, holds what differs from the pretrained network, and which network that is.

Importing this package does not import torch. The modules :mod:`network` and :mod:`groups` do.
"""

from autotransfer.tuning.change import Change
from autotransfer.tuning.method import TunedMethod, common_settings
from autotransfer.tuning.predictor import TunedPredictor
from autotransfer.tuning.rows import TuningRows
from autotransfer.tuning.tuning import Tuning

__all__ = ["Change", "TunedMethod", "TunedPredictor", "Tuning", "TuningRows", "common_settings"]
