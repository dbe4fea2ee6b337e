from __future__ import annotations

import torch

from autotransfer.pretrained.specs import VitSpec
from autotransfer.pretraining.mae import MaskedImages
from autotransfer.pretraining.objectives.masked_images import Reconstruction, normalised, patches, pick, split

SPEC = VitSpec(size=16, patch=4, width=8, depth=1, heads=2)


def test_patches_are_cut_row_by_row() -> None:
    image = torch.arange(3 * 16 * 16.0).view(1, 3, 16, 16)
    found = patches(image, 4)
    assert found.shape == (1, 16, 48)
    torch.testing.assert_close(found[0, 5], image[0, :, 4:8, 4:8].reshape(-1))


def test_normalised_patches_have_mean_0_and_variance_1() -> None:
    found = normalised(torch.rand(2, 4, 48) * 255)
    torch.testing.assert_close(found.mean(dim=2), torch.zeros(2, 4), atol=1e-5, rtol=0)
    torch.testing.assert_close(found.var(dim=2), torch.ones(2, 4), atol=1e-4, rtol=0)
    assert torch.isfinite(normalised(torch.zeros(1, 2, 48))).all()


def test_every_patch_is_shown_or_hidden_and_images_differ() -> None:
    shown, hidden = split(50, 16, 0.75, torch.device("cpu"))
    assert shown.shape == (50, 4)
    assert (torch.cat([shown, hidden], dim=1).sort(dim=1).values == torch.arange(16)).all()
    assert len({tuple(row) for row in shown.tolist()}) > 25
    assert pick(torch.arange(16.0).view(1, 16, 1), torch.tensor([[3, 1]])).flatten().tolist() == [3.0, 1.0]


def test_the_encoder_does_not_see_what_is_hidden() -> None:
    """The gradient of the encoder's output with respect to hidden patches is zero."""
    backbone = SPEC.build()
    tokens = backbone.patches(torch.rand(2, 3, 16, 16) * 255).detach().requires_grad_()
    shown, hidden = split(2, 16, 0.75, torch.device("cpu"))
    backbone.encode(pick(tokens, shown)).square().sum().backward()
    lengths = tokens.grad.norm(dim=2)
    assert (lengths.gather(1, hidden) == 0).all()
    assert (lengths.gather(1, shown) > 0).all()


def test_a_few_steps_make_the_loss_smaller() -> None:
    torch.manual_seed(0)
    rows = torch.randint(0, 2, (16, 3, 1, 1)).expand(-1, -1, 16, 16) * torch.linspace(0, 255, 16)
    objective = Reconstruction(SPEC.build(), SPEC, MaskedImages())
    optimiser = torch.optim.AdamW(objective.parameters(), 3e-3)
    losses = []
    for _ in range(60):
        loss = objective(rows, torch.full((16,), -1), 0.0)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert sum(losses[-10:]) < 0.8 * sum(losses[:10])
