# make serve: set-up, index, chat.   make test: set-up, lint, types, all tests.   Both are quick the second time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c requirements.lock

.PHONY: serve test browser sbom audit

serve: $(VENV)/ready
	@start=$$(date +%s); $(BIN)/abc index build && echo "Set-up and index took $$(( $$(date +%s) - start )) s." && exec $(BIN)/abc serve

test: $(VENV)/tests-ready browser
	@start=$$(date +%s); $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/abc validate \
		&& $(BIN)/python -m pytest -n 2 --dist loadfile && $(BIN)/abc index build >/dev/null && $(BIN)/python -m eval --gate && echo "The tests took $$(( $$(date +%s) - start )) s."

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, found " + sys.version.split()[0])'
	@echo "Making $(VENV) with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/ready: $(VENV)/bin/python pyproject.toml requirements.lock
	@start=$$(date +%s); echo "Installing what serving needs (0.8 GB on disk) …"; $(PIP) -e . \
		&& touch $@ && echo "Installed in $$(( $$(date +%s) - start )) s."

$(VENV)/tests-ready: $(VENV)/bin/python pyproject.toml requirements.lock
	@start=$$(date +%s); echo "Installing what the tests need, torch among it (2 GB on disk) …"; $(PIP) -e '.[test]' \
		&& touch $@ $(VENV)/ready && echo "Installed in $$(( $$(date +%s) - start )) s."

# What the lock holds, tests included, as CycloneDX.
sbom: $(VENV)/dev-ready
	@mkdir -p var && PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml \
		--output-reproducible -o var/sbom.json && echo "Wrote var/sbom.json."

# Strict: a package that could not be looked up fails the audit, which else counts it as clean.
audit: $(VENV)/dev-ready
	@$(BIN)/python -c 'import urllib.request; urllib.request.urlopen("https://pypi.org/pypi/pip/json", timeout=10)' 2>/dev/null \
		|| { echo "The audit asks pypi.org for known vulnerabilities, and can't reach it: nothing is checked."; exit 1; }
	@$(BIN)/pip-audit -r requirements.lock --no-deps --disable-pip --strict

$(VENV)/dev-ready: $(VENV)/bin/python pyproject.toml requirements.lock
	@echo "Installing what lists and audits the dependencies …"; $(PIP) -e '.[dev]' && touch $@ $(VENV)/ready

# Debian's Chromium for the browser tests; where it can't be installed, those tests say so and are skipped.
browser:
	@command -v chromium >/dev/null && exit 0; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "Installing Debian's chromium for the browser tests …"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	else echo "No chromium here and no right to install it: the browser tests will be skipped. Try: sudo apt-get install chromium"; fi
