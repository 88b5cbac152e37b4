# Two commands are all a newcomer needs: make demo, make test. The rest is for people who work here.
# With CI=1 what is missing fails instead of being skipped, properties get many examples, and coverage is counted.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_NOW := 2010-02-08T09:00+01:00
POT := --sort-output --add-location=file --no-default-keywords --project=newsfeed --version=1 \
       --copyright-holder="The newsfeed authors" --msgid-bugs-address=i18n@example.org

# Debian 12 has Python 3.11.2, and what is locked must install there: soupsieve 3 needs 3.11.5.
OLDEST := soupsieve<3
LOCK := $(VENV)-lock/bin/pip-compile --quiet --no-strip-extras --generate-hashes --allow-unsafe --no-emit-index-url \
        --no-emit-find-links

# What is compiled is kept, also where the machine's owner likes it otherwise: a test run starts hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test quick long serve lint format messages pictures lock clean

help:            ## this list
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

$(BIN)/newsfeed: pyproject.toml requirements.lock requirements-build.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock \
	  --requirement requirements-build.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(BIN)/newsfeed  ## install, check, build the demo site and send its digest
	@$(BIN)/newsfeed check
	@$(BIN)/newsfeed build
	@$(BIN)/newsfeed subscribers import .demo/staff.csv --digest staff --consent "invented people" --now $(DEMO_NOW)
	@$(BIN)/newsfeed send --now $(DEMO_NOW)
	@echo
	@echo "public/en/index.html   the site in English; also de/, fr/, nl/"
	@echo "public/en/feed.atom    its feed; every topic, country, project and author has one too"
	@echo "var/outbox/            the staff digest of 8 February 2010, one mail per language; never sent twice"
	@echo "Next: make serve       then open http://localhost:8080/ and subscribe: the mail comes to var/outbox/"

serve: $(BIN)/newsfeed  ## run the demo on this machine: the site, its readers' pages, and their mails
	@$(BIN)/newsfeed run --log text

$(VENV)/.tests: $(BIN)/newsfeed requirements-test.lock tests/peers/package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-test.lock
	@if command -v npm >/dev/null; then cd tests/peers && npm ci --ignore-scripts --no-audit --no-fund --silent; fi
	@touch $@

test: $(VENV)/.tests  ## everything CI checks: lint, types, contracts, catalogues, tests, docs, wheel
	@$(MAKE) --no-print-directory lint
ifdef CI
	@$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=
	@$(BIN)/coverage report --skip-covered --precision=1 --fail-under=98
else
	@$(BIN)/python -m pytest -n auto --dist worksteal
endif

quick: $(VENV)/.tests  ## while you work: lint, then every test that is not slow
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not slow"

long: $(VENV)/.tests  ## the long profiles: 100,000 reader-weeks of digests, 2,000 warm builds, killed builds, senders and workers, a week
	NEWSFEED_LONG=1 $(BIN)/python -m pytest -q -n 0 -s tests/core/digests/test_planning_machine.py \
	  tests/build/test_warm_machine.py tests/build/test_killed.py tests/build/test_writes.py \
	  tests/delivery/test_workers.py tests/delivery/test_week.py tests/web/test_many_signups.py
	$(BIN)/python -m bench.crash --kills 200

lint: $(VENV)/.tests  ## format check, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

format: $(VENV)/.tests  ## put the code into its usual form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: $(VENV)/.tests  ## bring the catalogue templates and catalogues up to date
	$(BIN)/pybabel -q extract -F pyproject.toml -o locales/newsfeed.pot $(POT) \
	  -k gettext -k ngettext:1,2 -k pgettext:1c,2 -k npgettext:1c,2,3 -k _ -k msgid newsfeed templates
	$(BIN)/pybabel -q extract -F pyproject.toml -o locales/problems.pot $(POT) -k N_ -k NN_:1,2 newsfeed
	for domain in newsfeed problems; do \
	  $(BIN)/pybabel -q update -D $$domain -i locales/$$domain.pot -d locales --no-fuzzy-matching --ignore-pot-creation-date; \
	done

pictures: $(VENV)/.tests  ## take the pictures of the guide for editors anew, in Debian's Chromium
	$(BIN)/python docs/pictures/make.py

lock:            ## pin what is installed now, for reproducible installs
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools
	printf '%s\n' '$(OLDEST)' > $(VENV)-lock/oldest.txt
	$(LOCK) --constraint $(VENV)-lock/oldest.txt --extra cards --extra postgresql --extra search --extra web \
	  -o requirements.lock pyproject.toml
	$(LOCK) --constraint $(VENV)-lock/oldest.txt --extra web --extra test --extra lint \
	  -o requirements-test.lock pyproject.toml
	$(LOCK) --only-build-deps --build-deps-for editable -o requirements-build.lock pyproject.toml
	rm -r $(VENV)-lock

clean:           ## remove what commands made
	rm -rf $(VENV) public var dist build .pytest_cache .mypy_cache .ruff_cache
