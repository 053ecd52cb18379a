"""The network behind the English model: four layers of MiniLM-L6 (Wang et al. 2020) with small heads for stages, roles and names."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
import torch
from base_net import HIDDEN, open_base
from encoder_data import ENTITIES, MODALITIES, Example, cut
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from onrecord.encoding import Encoding
from onrecord.extract.opinions import KINDS, ROLES, STAGES, distances
from onrecord.records import Parsed

# The lower layers keep most of what the six know, at two thirds of the cost.
LAYERS, KEY = 4, 96
EPOCHS, RATE, HEADS_FASTER, SMOOTHING, SEED = 8, 2e-4, 5, 0.05, 0
# Pieces of words in one step.
STEP = 2000
# What a choice weighs in the loss: the modality only helps to learn, names are many and easy.
MODALITY_WEIGHT, AMOUNT_WEIGHT, ENTITY_WEIGHT = 0.5, 0.5, 0.02


class Net(nn.Module):
    """The encoder and its heads."""

    def __init__(self) -> None:
        super().__init__()
        self.enc = open_base(LAYERS)
        self.stage = two_layers(len(STAGES))
        self.mod = two_layers(len(MODALITIES))
        self.ent = nn.Linear(HIDDEN, len(ENTITIES))
        self.q = nn.Linear(HIDDEN, KEY * len(ROLES))
        self.k = nn.Linear(HIDDEN, KEY * len(ROLES))
        self.null = nn.Linear(HIDDEN, len(ROLES))
        self.dist = nn.Embedding(16, len(ROLES))
        nn.init.zeros_(self.dist.weight)

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """A vector for every piece, shape (reports, pieces, 384)."""
        return self.enc(input_ids=ids, attention_mask=mask).last_hidden_state

    def weights(self) -> dict[str, np.ndarray]:
        """The heads as they are kept beside the encoder, by the names that `onrecord.extract.opinions` reads."""
        kept = {
            "stage.in": self.stage[1],
            "stage.out": self.stage[4],
            "query": self.q,
            "key": self.k,
            "nobody": self.null,
            "entity": self.ent,
        }
        return arrays(kept) | {
            "distance": np.asarray(self.dist.weight.detach().numpy(), np.float32),
            "hidden": np.array(HIDDEN),
            "entity.names": np.array(ENTITIES),
        }


def arrays(layers: Mapping[str, nn.Linear]) -> dict[str, np.ndarray]:
    """The weights and the biases of some layers, by the layers' names, as they are kept beside an encoder."""
    found = {f"{name}.{part}": getattr(layer, part) for part in ("weight", "bias") for name, layer in layers.items()}
    return {name: tensor.detach().numpy().astype(np.float32) for name, tensor in found.items()}


def two_layers(out: int) -> nn.Sequential:
    """A head of two layers with `out` scores."""
    return nn.Sequential(nn.Dropout(0.1), nn.Linear(HIDDEN, HIDDEN), nn.GELU(), nn.Dropout(0.1), nn.Linear(HIDDEN, out))


def scores(net: Net, hidden: Tensor, example: Example) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Scores of stages, of modalities, of each mention in each role (roles, triggers, mentions), and of nobody (roles, triggers)."""
    triggers, named = (_means(hidden, [x.span for x in part]) for part in (example.choices, example.named))
    query = net.q(triggers).view(len(triggers), len(ROLES), KEY)
    key = net.k(named).view(len(named), len(ROLES), KEY)
    fit = torch.einsum("trd,mrd->rtm", query, key) / math.sqrt(KEY)
    if example.choices and example.named:
        sentences, places = np.array([(mention.sentence, mention.span[0]) for mention in example.named]).T
        apart = torch.tensor(np.array([distances(sentences, places, sentence=c.sentence, start=c.span[0]) for c in example.choices]))
        fit = fit + net.dist(apart).permute(2, 0, 1)
    return net.stage(triggers), net.mod(triggers), fit, net.null(triggers).T


def _means(hidden: Tensor, spans: Sequence[tuple[int, int]]) -> Tensor:
    return torch.stack([hidden[first:last].mean(0) for first, last in spans]) if spans else hidden.new_zeros((0, hidden.shape[-1]))


def loss(net: Net, hidden: Tensor, example: Example) -> Tensor:
    """The loss of one report, summed over its triggers and pieces."""
    stages, modalities, fit, nobody = scores(net, hidden, example)
    total = hidden.new_zeros(())
    for at, choice in enumerate(example.choices):
        total = total + cross_entropy(stages[at][None], torch.tensor([choice.stage]), label_smoothing=SMOOTHING)
        if choice.modality >= 0:
            total = total + MODALITY_WEIGHT * cross_entropy(modalities[at][None], torch.tensor([choice.modality]))
        for number, role in enumerate(ROLES) if choice.stage else ():
            places = [place for place, mention in enumerate(example.named) if mention.kind in KINDS[role]]
            if places:
                row = torch.cat([nobody[number, at][None], fit[number, at, places]])
                right = [places.index(place) + 1 for place in choice.roles[role]] or [0]
                weight = AMOUNT_WEIGHT if role in {"quantity", "value"} else 1.0
                total = total + weight * (torch.logsumexp(row, 0) - torch.logsumexp(row[right], 0))
    kinds = torch.tensor(example.entities)
    return total + ENTITY_WEIGHT * cross_entropy(net.ent(hidden[: len(kinds)]), kinds, ignore_index=-1, reduction="sum")


def batches(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """Reports of like length together, in chance order."""
    order = random.sample(list(examples), len(examples))
    found: list[list[Example]] = []
    for first in range(0, len(order), 64):
        batch: list[Example] = []
        for each in sorted(order[first : first + 64], key=lambda e: len(e.ids)):
            if batch and (len(batch) + 1) * len(each.ids) > STEP:
                found.append(batch)
                batch = []
            batch.append(each)
        found.append(batch)
    random.shuffle(found)
    yield from found


def padded(batch: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    """Pieces and mask of a batch of reports."""
    longest = max(map(len, batch))
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, pieces in enumerate(batch):
        ids[row, : len(pieces)] = torch.tensor(pieces)
        mask[row, : len(pieces)] = 1
    return ids, mask


def train(
    plain: Sequence[Example],
    epoch: Callable[[], Sequence[Example]],
    name: str,
    *,
    net: Net | None = None,
    epochs: int = EPOCHS,
    rate: float = RATE,
) -> Net:
    """A network trained on what `epoch` gives each time, as many examples as are in `plain`; from the public weights, or `net` further.

    The same seed gives the same order and the same heads to begin with.
    """
    random.seed(SEED)
    torch.manual_seed(SEED)
    net = net or Net()
    heads = [weight for own, weight in net.named_parameters() if not own.startswith("enc")]
    optimizer = torch.optim.AdamW(
        [{"params": net.enc.parameters(), "lr": rate}, {"params": heads, "lr": rate * HEADS_FASTER}], weight_decay=0.01
    )
    steps = len(list(batches(plain))) * epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.1 * steps), max(0, (steps - step) / (0.9 * steps)))
    )
    for number in range(1, epochs + 1):
        net.train()
        lost, count = 0.0, 0
        for batch in batches(epoch()):
            hidden = net.hidden(*padded([each.ids for each in batch]))
            total = torch.stack([loss(net, hidden[row], each) for row, each in enumerate(batch)]).sum()
            triggers = sum(len(each.choices) for each in batch)
            (total / max(1, triggers)).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            lost, count = lost + total.item(), count + triggers
        print(f"{name}, epoch {number} of {epochs}: loss {lost / count:.3f} a trigger", flush=True)
    return net.eval()


def encode(net: Net, parses: Iterable[Parsed], tokenizer: Tokenizer) -> list[Encoding]:
    """The texts of reports by a network, the marks and the titles left out; all share one copy of its heads."""
    heads, found = net.weights(), []
    for parsed in parses:
        ids, offsets = cut(parsed.document.title, parsed.document.text, tokenizer)
        with torch.no_grad():
            hidden = net.hidden(*padded([ids]))[0]
        found.append(Encoding(offsets[:, 0], offsets[:, 1], hidden[len(ids) - len(offsets) - 1 : -1].numpy(), heads))
    return found
