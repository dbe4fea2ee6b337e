"""The neural layer: networks as plain data, one training loop, and a predictor that holds arrays.

Everything with a network in it shares these parts:

- :mod:`forms`: how rows become the float matrix that a network takes. Feature rows are centred and scaled by one
  number; images are read at 28 × 28 pixels, gray where all are gray, else in colour, the same for every domain; tables
  and texts that come raw are encoded.
- :mod:`rows`: the rows of a problem as tensors, and what depends on whether its labels are classes or values.
- :mod:`specs`: networks as frozen dataclasses. ``NetworkSpec(backbone, outputs).build()`` gives a module that returns
  the representation and the scores of its heads.
- :mod:`plan`, :mod:`schedule`, :mod:`batches`, :mod:`training`: ``train(network, turns, sets, plan, ctx)`` draws
  minibatches of several data sets side by side, and each :class:`~autotransfer.nets.training.Turn` (a loss over the
  batch, and the parameters that follow it) makes one update. Fine-tuning is one turn over one set, distillation a turn
  whose loss asks the teacher too, a game of two players two turns.
- :mod:`predictor`: what ``fit`` returns: arrays and plain data, restored without executing any of it.

Importing this package does not import torch. The modules :mod:`network`, :mod:`training`, :mod:`batches` and
:mod:`evaluation` do: methods import them inside of functions.
"""

from autotransfer.nets.forms import EncodedForm, FeatureForm, Form, ImageForm, form_of
from autotransfer.nets.plan import Plan
from autotransfer.nets.predictor import NetworkPredictor
from autotransfer.nets.schedule import Annealed, Constant, Cosine, Schedule
from autotransfer.nets.specs import BlocksSpec, ConvSpec, MlpSpec, NetworkSpec

__all__ = [
    "Annealed",
    "BlocksSpec",
    "Constant",
    "ConvSpec",
    "Cosine",
    "EncodedForm",
    "FeatureForm",
    "Form",
    "ImageForm",
    "MlpSpec",
    "NetworkPredictor",
    "NetworkSpec",
    "Plan",
    "Schedule",
    "form_of",
]
