"""LexRank on the vectors of sentence-transformers, as sumy ranks: seconds for one article of JSON lines.

Reads sentences, one a line, from a file; prints the least seconds of ten runs and the versions.
"""

import json
import pathlib
import sys
import time

import numpy
import sentence_transformers
import sumy
import torch
from sentence_transformers import SentenceTransformer
from sumy.summarizers.lex_rank import LexRankSummarizer

torch.set_num_threads(1)
sentences = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
model = SentenceTransformer(sys.argv[2], device="cpu")
least = float("inf")
for _ in range(10):
    start = time.perf_counter()
    vectors = model.encode(sentences, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
    ties = (vectors @ vectors.T > 0.1).astype(float)
    ranks = LexRankSummarizer.power_method(ties / ties.sum(axis=1, keepdims=True), 0.1)
    chosen = sorted(numpy.argsort(-ranks)[:3].tolist())
    least = min(least, time.perf_counter() - start)
versions = f"sentence-transformers {sentence_transformers.__version__}, torch {torch.__version__}, sumy {sumy.__version__}"
print(json.dumps({"seconds": least, "chosen": chosen, "versions": versions}))
