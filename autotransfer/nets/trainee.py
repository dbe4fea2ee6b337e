"""A new network and the rows that it learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from autotransfer.data import Array
from autotransfer.nets.predictor import NetworkPredictor
from autotransfer.nets.rows import DeepRows
from autotransfer.nets.specs import NetworkSpec
from autotransfer.task import Context

if TYPE_CHECKING:
    from torch import nn

    from autotransfer.nets.network import Network


@final
@dataclass(frozen=True, eq=False)
class Trainee:
    """A network in training.

    :param modules: everything whose parameters are trained: the network first, then what a loss adds.
    """

    rows: DeepRows
    spec: NetworkSpec
    network: Network
    modules: nn.ModuleList
    ctx: Context

    def add(self, module: nn.Module) -> nn.Module:
        """Have a module of a loss trained along; it is not kept."""
        self.modules.append(module.to(self.ctx.device))
        return module

    def predictor(self, source_arrays: dict[str, Array] | None = None) -> NetworkPredictor:
        """The network as plain data; see :meth:`DeepRows.predictor`."""
        return self.rows.predictor(self.network, self.spec, source_arrays)


def begin(rows: DeepRows, spec: NetworkSpec, ctx: Context) -> Trainee:
    """A new network on the device of the fit. Call it inside of ``seeding.reproducible``."""
    from torch import nn

    network = spec.build().to(ctx.device)
    return Trainee(rows, spec, network, nn.ModuleList([network]), ctx)
