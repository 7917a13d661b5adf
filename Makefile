# Everything there is to do. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help install run test check format lock sbom audit hooks proof chaos docs smoke screenshots bench clean

BIN := .venv/bin

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

install: ## make the environment (.venv); quick when nothing changed
	@PYTHON="$(PYTHON)" deploy/install

run: install ## the demo: an invented hotel group, a year of it played, then live; prints the address (GUESTLOOP_PORT, 8080)
	@$(BIN)/guestloop up --demo

test: install ## all tests but the long ones (starts PostgreSQL and RabbitMQ by itself)
	@deploy/install-promtool
	@deploy/install-rabbitmq
	@deploy/install-pgbouncer
	@deploy/install-browser
	$(BIN)/pytest -m "not proof" -n 4 --dist loadgroup

check: install ## style of code, templates and style sheets, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --check --quiet services shared || { echo "templates: run «make format»"; exit 1; }
	$(BIN)/djlint --lint --quiet services shared
	$(BIN)/python deploy/style_sheets.py --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

proof: install ## the long tests
	@deploy/install-rabbitmq
	@deploy/install-pgbouncer
	@deploy/install-mail-servers
	@deploy/install-registry
	@deploy/install-browser
	@deploy/install-validator
	CHROMIUM=chromium $(BIN)/pytest -m proof -n 2 --dist loadgroup

chaos: install ## a campaign while everything is killed; prints what was lost and sent twice (SEED, SEEDS, GUESTS, KILLS, COPIES, CLUSTER=1, POOLED=1, REPLICA=1, PARTITIONS)
	@deploy/install-rabbitmq
	@deploy/install-pgbouncer
	$(BIN)/python -m tests.chaos --seed $(or $(SEED),1) --seeds $(or $(SEEDS),1) --guests $(or $(GUESTS),20000) --kills $(or $(KILLS),50) --copies $(or $(COPIES),2) $(if $(CLUSTER),--cluster) $(if $(POOLED),--pooled) $(if $(REPLICA),--replica) --partitions $(or $(PARTITIONS),1)

format: install ## code, templates and style sheets as the checks want them
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint --reformat --quiet services shared || true
	$(BIN)/python deploy/style_sheets.py

lock: install ## requirements.lock after a change of pyproject.toml (UPGRADE=1 takes the newest versions)
	@UPGRADE=$(UPGRADE) deploy/lock

sbom: install ## what Guestloop is made of, as CycloneDX (build/sbom.json: the image, build/sbom-development.json: all)
	@deploy/supply_chain/sbom

audit: install ## ask whether a published advisory concerns what is installed (1: one does, 3: nobody could be asked)
	@deploy/supply_chain/install
	@$(BIN)/python deploy/supply_chain/audit.py

hooks: install ## the checks of `make check` before every commit
	@$(BIN)/pre-commit install

docs: install ## write docs/processing.md and the tables of docs/services.md, docs/operations.md, README.md, deploy/example.env
	@$(BIN)/python -m guestloop.composition.services_document
	@$(BIN)/python -m guestloop.composition.settings_document
	@$(BIN)/python -m guestloop.composition.processing_document
	@$(BIN)/python -m guestloop.composition.logs_document
	@$(BIN)/python -m guestloop.composition.alerts_document

smoke: ## with Docker: build the image, start it all from nothing and drive the main job through the gateway
	@deploy/smoke

screenshots: install ## a picture of every page: wide, phone, Chinese, dark, empty, full (in pictures/), and of every ready mail
	@deploy/install-browser
	$(BIN)/python -m tests.browser.screenshots
	$(BIN)/python -m tests.browser.mails

bench: install ## measure everything and write docs/benchmarks.md (BENCH="bus timers" measures these alone)
	@deploy/install-rabbitmq
	@deploy/install-mail-servers
	$(BIN)/python -m tests.bench $(BENCH)

clean: ## remove the environment and what the tools left behind (homes with data stay)
	rm -rf .venv *.egg-info build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
