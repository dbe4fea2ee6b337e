from __future__ import annotations

import pytest
import torch

from autotransfer.pretrained.specs import TextSpec
from autotransfer.pretrained.wordpieces import MASK, PAD, SPECIALS, START
from autotransfer.pretraining.mlm import MaskedTokens
from autotransfer.pretraining.objectives.masked_tokens import Cloze, disguised

SPEC = TextSpec(tuple("abcdefgh"), size=8, width=8, depth=1, heads=2)


def test_shares_are_those_of_the_paper() -> None:
    """15 % asked for; of these 80 % masked, 10 % exchanged (an eighth of them for themselves), 10 % left: counts of
    200,000 tokens are within five standard deviations."""
    torch.manual_seed(0)
    tokens = torch.randint(SPECIALS, SPECIALS + 8, (200, 1000))
    shown, asked = disguised(tokens, SPECIALS + 8, 0.15)
    n = tokens.numel()
    assert asked.float().mean().item() == pytest.approx(0.15, abs=5 * (0.15 * 0.85 / n) ** 0.5)
    masked = (shown == MASK)[asked].float().mean().item()
    changed = ((shown != MASK) & (shown != tokens))[asked].float().mean().item()
    spread = 5 * (0.25 / (0.15 * n)) ** 0.5
    assert masked == pytest.approx(0.8, abs=spread)
    assert changed == pytest.approx(0.1 * 7 / 8, abs=spread)
    assert (shown == tokens)[~asked].all()


def test_special_tokens_are_never_asked_for() -> None:
    tokens = torch.tensor([[START, SPECIALS, PAD, PAD]]).repeat(500, 1)
    shown, asked = disguised(tokens, SPECIALS + 8, 1.0)
    assert asked.tolist() == [[False, True, False, False]] * 500
    assert (shown[:, 0] == START).all()


def test_texts_without_a_word_give_a_loss_of_zero_with_gradients() -> None:
    objective = Cloze(SPEC.build(), SPEC, MaskedTokens())
    loss = objective(torch.tensor([[START, PAD, PAD]]), torch.tensor([-1]), 0.0)
    loss.backward()
    assert loss.item() == 0.0


def test_a_few_steps_learn_which_letters_go_together() -> None:
    """Each text repeats one letter, so a masked one is known from its neighbours: the loss falls far below log 12."""
    torch.manual_seed(0)
    letters = torch.arange(8).repeat(8).unsqueeze(1).expand(-1, 7) + SPECIALS
    rows = torch.cat([torch.full((64, 1), START), letters], dim=1)
    objective = Cloze(SPEC.build(), SPEC, MaskedTokens())
    optimiser = torch.optim.AdamW(objective.parameters(), 1e-2)
    for _ in range(150):
        loss = objective(rows, torch.full((64,), -1), 0.0)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 1.0
