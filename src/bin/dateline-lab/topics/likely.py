"""Judges which worded topics may fit which article: makes likely.tsv.gz, of which the meaning head learns.

A larger encoder than ours, all-mpnet-base-v2, with late interaction on its frozen states (Khattab & Zaharia 2020): trained
on the labels that our own head is trained on, it knows more of the world, and says for every article how likely each of
the 17,628 topics is. Some 15 minutes on two cores. Needs `make peers-torch` and the model's folder:

    .peers/bin/python src/bin/dateline-lab/topics/likely.py --data DIR --model DIR/all-mpnet-base-v2
"""

import argparse, gzip, json, math, pathlib, random, string, sys

import torch
import torch.nn.functional as F
from transformers import AutoModel, AutoTokenizer

HERE = pathlib.Path(__file__).parent
# Of the 12 hidden layers; numbers of a projected piece; pieces kept of an article and of a topic.
LAYERS, PIECE, ARTICLE, TOPIC = (6, 12), 128, 56, 8
LEAD = 64  # words, as in `domain::lead`
BATCH, EPOCHS, RATE, OTHERS = 32, 5, 1e-3, 100
# From this cosine on nobody knows whether a topic worded for another article fits.
MAYBE = 0.30
# More likely than the second: fits. Between the two: may fit.
LIKELY = (0.15, 0.5)
SILENT_IN_TOPICS = "the of and or in at a an to on for with by from s about against".split()
SILENT = SILENT_IN_TOPICS + (
    "is was were are be been has have had that this it its as he she they his her their who which but not "
    "said says will would"
).split()


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--data", type=pathlib.Path, required=True, help="folder that holds summaries/")
    asked.add_argument("--model", required=True, help="folder of all-mpnet-base-v2")
    asked = asked.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(2)
    labels = json.loads((HERE / "wider.json").read_text())
    texts = articles(asked.data, labels["articles"])
    own = dict(line.rstrip("\n").split("\t") for line in (HERE / "worded.tsv").open())
    own = {id: [topic.strip() for topic in topics.split(";")] for id, topics in own.items()}
    wordings = sorted({topic for topics in own.values() for topic in topics})
    calibrating = [topic for topic in labels["topics"] if topic["split"] == "calibration"]

    encoder = Encoder(asked.model)
    ids = sorted(texts)
    seen = encoder.see([texts[id] for id in ids], ARTICLE, SILENT)
    of_labels = encoder.see([topic["topic"] for topic in calibrating], TOPIC, SILENT_IN_TOPICS)
    of_wordings = encoder.see(wordings, TOPIC, SILENT_IN_TOPICS)
    number = {topic: at for at, topic in enumerate(wordings)}
    wanted = [{at for at, topic in enumerate(calibrating) if id in topic["wanted"]} for id in ids]
    worded = [{number[topic] for topic in own[id]} for id in ids]

    learnt = [at for at, id in enumerate(ids) if not held_back(id)]
    head = train(seen, of_labels, of_wordings, wanted, worded, learnt)
    write(HERE / "likely.tsv.gz", ids, head, seen, of_wordings)


def held_back(id):
    """As in mod.rs."""
    return sum(id.encode()) % 6 == 0


def articles(data, sets):
    """Headline and first words of the labelled articles, by id."""
    found = {}
    for name, ids in sets.items():
        ids = set(ids)
        for line in gzip.open(data / "summaries" / f"{name}.jsonl.gz", "rt"):
            row = json.loads(line)
            id = row.get("id") or row.get("article_id")
            if id in ids:
                title = [f"{row['title']}."] if row.get("title") else []
                found[id] = " ".join(title + (row.get("text") or row["article"]).split()[:LEAD])
    return found


class Seen:
    """Texts: states `[texts, pieces, 2 * 768]` in half precision, where there are any, unit vectors `[texts, 768]`."""

    def __init__(self, count, pieces):
        self.states = torch.zeros(count, pieces, 2 * 768, dtype=torch.half)
        self.there = torch.zeros(count, pieces, dtype=torch.bool)
        self.whole = torch.zeros(count, 768)


class Encoder:
    def __init__(self, folder):
        self.tokens = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder).eval()

    @torch.no_grad()
    def see(self, texts, pieces, silent):
        """The pieces that say something, each layer with mean 0 and deviation 1."""
        vocab = self.tokens.vocab
        silent = {vocab[word] for word in [*silent, *string.punctuation, *"–—“”‘’…"] if word in vocab}
        seen = Seen(len(texts), pieces)
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(texts), 64):
            batch = by_length[start : start + 64]
            tokens = self.tokens([texts[at] for at in batch], padding=True, truncation=True, max_length=92, return_tensors="pt")
            layers = self.model(**tokens, output_hidden_states=True).hidden_states
            mask = tokens["attention_mask"].unsqueeze(-1)
            seen.whole[batch] = F.normalize((layers[-1] * mask).sum(1) / mask.sum(1), dim=-1)
            states = torch.cat([F.layer_norm(layers[layer], (768,)) for layer in LAYERS], -1).half()
            for row, at in enumerate(batch):
                ids = tokens["input_ids"][row, 1 : int(mask[row].sum()) - 1].tolist()
                kept = [place for place, id in enumerate(ids) if id not in silent] or list(range(len(ids)))
                kept = torch.tensor(kept[:pieces]) + 1
                seen.states[at, : len(kept)] = states[row, kept]
                seen.there[at, : len(kept)] = True
        return seen


class Head(torch.nn.Module):
    """A matrix for articles and one for topics, and how mean, soft minimum and cosine are weighed."""

    def __init__(self):
        super().__init__()
        self.articles = torch.nn.Linear(2 * 768, PIECE, bias=False)
        self.topics = torch.nn.Linear(2 * 768, PIECE, bias=False)
        self.topics.weight.data.copy_(self.articles.weight.data)
        self.weights = torch.nn.Parameter(torch.tensor([8.0, 8.0, 6.0]))
        self.bias = torch.nn.Parameter(torch.tensor(-12.0))

    def of_articles(self, seen, rows):
        return F.normalize(self.articles(seen.states[rows].float()), dim=-1), seen.there[rows], seen.whole[rows]

    def of_topics(self, seen, rows):
        """Pieces of all topics in one row, and whose each is."""
        there = seen.there[rows]
        whose = torch.arange(len(rows)).unsqueeze(1).expand_as(there)[there]
        return F.normalize(self.topics(seen.states[rows][there].float()), dim=-1), whose, seen.whole[rows]

    def forward(self, articles, topics):
        """Log-odds `[articles, topics]`."""
        (texts, there, whole), (pieces, whose, wholes) = articles, topics
        near = (texts @ pieces.T).masked_fill(~there.unsqueeze(-1), -1).amax(1)
        count = torch.bincount(whose, minlength=len(wholes))
        over = lambda x: torch.zeros(len(texts), len(wholes)).index_add(1, whose, x) / count
        soft = -over((-10 * near).exp()).log() / 10
        return self.weights[0] * over(near) + self.weights[1] * soft + self.weights[2] * whole @ wholes.T + self.bias


def train(seen, of_labels, of_wordings, wanted, worded, learnt):
    head, chance = Head(), random.Random(1)
    matrices = [head.articles.weight, head.topics.weight]
    adam = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": 0.02, "share": 1},
            {"params": [head.weights, head.bias], "weight_decay": 0, "share": 60},
        ]
    )
    steps, step = EPOCHS * (len(learnt) // BATCH), 0
    for epoch in range(EPOCHS):
        chance.shuffle(learnt)
        total = 0
        for start in range(0, len(learnt) - BATCH + 1, BATCH):
            batch = learnt[start : start + BATCH]
            labels = sorted(set().union(*(wanted[at] for at in batch)) | set(chance.sample(range(len(of_labels.whole)), OTHERS)))
            words = sorted(set().union(*(worded[at] for at in batch)))
            truth = [[at in wanted[row] for at in labels] + [at in worded[row] for at in words] for row in batch]
            truth = torch.tensor(truth).float()
            sure = (seen.whole[batch] @ of_wordings.whole[words].T < MAYBE) | (truth[:, len(labels) :] > 0)
            counts = torch.cat([torch.ones(BATCH, len(labels)), sure.float()], 1)
            articles = head.of_articles(seen, batch)
            odds = torch.cat([head(articles, head.of_topics(of_labels, labels)), head(articles, head.of_topics(of_wordings, words))], 1)
            loss = F.binary_cross_entropy_with_logits(odds, truth, weight=counts, reduction="sum") / BATCH
            for group in adam.param_groups:
                group["lr"] = RATE * group["share"] * min(1, (step + 1) / 20) * max(0.05, 1 - step / steps)
            adam.zero_grad()
            loss.backward()
            adam.step()
            step, total = step + 1, total + loss.item()
        print(f"epoch {epoch}: loss {total / (len(learnt) // BATCH):.3f}", file=sys.stderr)
    return head


@torch.no_grad()
def write(path, ids, head, seen, of_wordings):
    """A line for each article: its id, the numbers of the topics that fit, of those that may, each as the distance from the
    one before."""
    least, most = (math.log(share / (1 - share)) for share in LIKELY)
    topics = head.of_topics(of_wordings, range(len(of_wordings.whole)))
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        for start in range(0, len(ids), 16):
            rows = range(start, min(start + 16, len(ids)))
            for row, odds in zip(rows, head(head.of_articles(seen, rows), topics)):
                fits, may_fit = odds > most, (odds > least) & (odds <= most)
                file.write(f"{ids[row]}\t{distances(fits)}\t{distances(may_fit)}\n".encode())


def distances(chosen):
    numbers = [0] + chosen.nonzero().flatten().tolist()
    return " ".join(str(at - before) for before, at in zip(numbers, numbers[1:]))


main()
