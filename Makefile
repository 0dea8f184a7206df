# Two commands suffice: `make demo` and `make test`. Each does all the set-up by itself; a second call takes a second.
# Change with: PYTHON=python3.13, SERVE=0, PORT=8765, WORLDS=8, TESTS="tests/model -k prices", SAMPLE=200, SEED=1, ROOMS="agents model".

PYTHON  ?= python3
SERVE   ?= 1
PORT    ?= 8765
WORLDS  ?= 8
OUT     ?= runs/paper
TESTS   ?=
FUZZ    ?=
SAMPLE  ?= 200
SEED    ?= 1
ROOMS   ?= agents model experiments viz
JOBS    ?= 1
FLOORS  ?= tests/test_extras.py tests/test_dependencies.py tests/model/test_determinism.py tests/model/test_mesa_face.py tests/model/test_result_tables.py tests/experiments/test_sweep_design.py tests/experiments/test_sweep_running.py tests/experiments/test_sensitivity.py tests/experiments/test_ensemble.py tests/api/test_cli.py tests/viz/test_language.py tests/viz/test_serve.py tests/viz/test_doors.py tests/golden tests/viz/test_report.py tests/viz/classroom/test_lesson_kit.py tests/viz/test_kept.py tests/viz/test_addresses.py
VENV    := .venv
BIN     := $(VENV)/bin
STAMP   := $(VENV)/.stamp
# tests start many processes: what is compiled once is kept, whatever the shell says
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test test-slow test-cluster test-floors fuzz lint format cover mutants bench docs notebooks paper release-check links constraints clean

help:
	@echo "make demo          run the default scenario, print the summary, serve the page on port $(PORT) (SERVE=0: do not serve)"
	@echo "make test          the default tests         make test-slow     the slow ones        make test-cluster  on a real SLURM"
	@echo "make test-floors   a smoke test with the lowest versions that pyproject.toml admits, in an environment of its own"
	@echo "make lint          ruff and mypy             make cover         coverage             make bench         speed measurements"
	@echo "make fuzz          random scenarios through every check, malformed inputs through every door (FUZZ=\"--scenarios 200 --inputs 1500 --seed 2\")"
	@echo "make mutants       do the tests notice a wrong line? SAMPLE=$(SAMPLE) small changes, one by one (an hour)"
	@echo "make setup         only the environment      make docs          the site in site/    make format        ruff's formatter"
	@echo "make notebooks     the three notebooks as .ipynb, not run, in runs/to-open"
	@echo "make paper         every result of the documentation that is older than the code, anew (some four hours for all), into OUT=runs/paper and docs/"
	@echo "make release-check names every result that is not of the version and code that run, and what makes it again"

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Coercivity needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.13"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (about a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[all,test,lint,docs]' -c constraints.txt
	@touch $@

demo: $(STAMP)
	@out=runs/demo-$$(date +%Y%m%d-%H%M%S) && mkdir -p runs \
	  && $(BIN)/coercivity run japan-2026 --worlds $(WORLDS) --out $$out \
	  && if [ "$(SERVE)" != "0" ]; then \
	       echo "The page: http://localhost:$(PORT)   (Ctrl-C ends it)"; \
	       $(BIN)/coercivity app --port $(PORT) --no-browser; \
	     fi

test: $(STAMP)
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(TESTS)

test-slow: $(STAMP)
	@$(BIN)/python -m pytest -m "slow and not cluster" $(TESTS)

# the tests start a SLURM of their own with one node and stop it; where it is absent they print one skip and its reason
test-cluster: $(STAMP)
	@sh tests/cluster/install.sh
	@$(BIN)/python -m pytest -m cluster -rs $(TESTS)

# the lowest versions that pyproject.toml admits (constraints-low.txt), in an environment of their own; the newest are those of make test
# (an old networkx that Mesa imports warns when it is compiled: once, before warnings are errors)
test-floors:
	@test -x .venv-floors/bin/python || $(PYTHON) -m venv .venv-floors
	@.venv-floors/bin/python -m pip install --quiet --disable-pip-version-check -e '.[all,test]' -c constraints-low.txt
	@.venv-floors/bin/python -W ignore -c 'import mesa'
	@.venv-floors/bin/python -m pytest -n auto --dist loadgroup -p no:cacheprovider $(FLOORS)

# an hour on two cores; prints counts, and every fault with the command that repeats it
fuzz: $(STAMP)
	@$(BIN)/python -m tools.fuzz $(FUZZ)

# the mapped layout is invisible to static checkers; these git-ignored links show it to them
links: $(STAMP)
	@rm -rf .links && mkdir -p .links/coercivity
	@for room in model agents experiments viz; do ln -s ../../$$room .links/coercivity/$$room; done
	@for file in api/*; do case $$file in *__pycache__*) ;; *) ln -s ../../$$file .links/coercivity/$${file#api/} ;; esac; done

lint: links
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(STAMP)
	@$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format .

cover: $(STAMP)
	@$(BIN)/python -m pytest -n auto --dist loadgroup --cov --cov-report= $(TESTS); tests=$$?; $(BIN)/python tools/coverage_by_room.py && exit $$tests

# which tests run which line is looked at once and kept in runs/mutants; another SEED is another sample
mutants: $(STAMP)
	@nice $(BIN)/python -m tools.mutants --sample $(SAMPLE) --seed $(SEED) --rooms $(ROOMS) --jobs $(JOBS)

bench: $(STAMP)
	@$(BIN)/python -m pytest tests/tools/test_calls.py tests/tools/test_speed.py tests/tools/test_sweep_speed.py -m "not cluster" --benchmark-enable -rs -s $(TESTS)

# every result of the documentation that is older than the code, made again, then the pages; what is done is kept, and OUT/remade.csv has the seconds of each: make paper OUT=runs/paper
paper: $(STAMP)
	@$(BIN)/python -m tools.docs.release $(OUT)

# fails where a result is older than the code; between releases some are, so neither make test nor .ci/run asks
release-check: $(STAMP)
	@$(BIN)/python -m tools.docs.release

docs: links
	@$(BIN)/python -m tools.docs.attribution
	@$(BIN)/python -m tools.docs.interchange
	@$(BIN)/python -m tools.docs.odd
	@$(BIN)/python -m tools.docs.cli
	@$(BIN)/python -m tools.docs.house
	@$(BIN)/python -m tools.docs.parameters
	@$(BIN)/python -m tools.docs.why_not
	@$(BIN)/python -m tools.docs.scenarios
	@$(BIN)/python -m tools.docs.monotone
	@$(BIN)/python -m tools.docs.cuts
	@$(BIN)/python -m tools.docs.before_and_now
	@$(BIN)/python -m tools.docs.forecast
	@$(BIN)/python -m tools.docs.write_result_pages
	@$(BIN)/python -m tools.docs.lessons
	@$(BIN)/python -m tools.docs.class_numbers
	@$(BIN)/python -m tools.docs.notebooks
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict && echo "The site: site/index.html"

notebooks: $(STAMP)
	@$(BIN)/python -m tools.docs.notebooks --write runs/to-open

constraints: $(STAMP)
	@{ sed -n '/^#/p' constraints.txt; $(BIN)/pip freeze --exclude-editable \
	  | sed -E 's/^((mesa|networkx|numpy|scipy)==.*)$$/\1 ; python_version < "3.12"/I'; } > constraints.new && mv constraints.new constraints.txt

clean:
	@rm -rf $(VENV) .links build dist *.egg-info site htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache
