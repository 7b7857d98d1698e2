# Two commands: `make run` starts the lab, `make test` checks it. `make help` lists all.

PYTHON ?= python3
ARGS ?=

# A Python new enough, then the one to use, with everything in $(1) installed: .ci/environment.py.
ready = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	|| { echo "The lab needs Python 3.11 or newer, and $(PYTHON) is not: install it, or name it, as in make $@ PYTHON=python3.11." >&2; exit 1; }; \
	python=$$($(PYTHON) .ci/environment.py $(1))

.PHONY: help run test space pictures reliability format

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 18

run: ## installs what is missing and starts the lab (ARGS="--port 7861" for another port)
	@$(call ready,requirements.txt) && exec "$$python" app.py $(ARGS)

test: ## installs what is missing, sees to a Chromium, lints and runs every test (ARGS="-k ink")
	@$(call ready,tests/requirements.txt) && "$$python" tests/chromium.py \
	&& "$$python" -m ruff check --no-cache . \
	&& "$$python" -m ruff format --no-cache --check . \
	&& "$$python" tests/in_parts.py $(ARGS)

space: ## checks all that a Hugging Face Space would refuse, and says how to push (some minutes; ARGS="--here" takes this environment)
	@$(call ready,requirements.txt) && exec "$$python" -m bench.space $(ARGS)

pictures: ## takes every tab's picture into build/pictures and README's moving one (some minutes; ARGS="--only moving")
	@$(call ready,tests/requirements.txt) && "$$python" tests/chromium.py \
	&& exec "$$python" -m bench.pictures $(ARGS)

reliability: ## measures what RELIABILITY.md states, with times (two and a half hours; ARGS="--only crowd")
	@$(call ready,tests/requirements.txt) && exec "$$python" -m bench.reliability.all $(ARGS)

format: ## formats the code and mends what ruff can mend
	@$(call ready,tests/requirements.txt) && "$$python" -m ruff check --no-cache --fix . \
	&& "$$python" -m ruff format --no-cache .
