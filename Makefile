# A fresh machine needs Python 3.11 or newer, and nothing else:
#   make demo     compare sales organisations, print the verdicts, write two reports
#   make test     the default tests
# and further:
#   make setup    .venv with the locked packages          make lab    JupyterLab on the notebooks
#   make check    everything that CI runs                 make bench  benchmarks
#   make format   format and fix what ruff can            make strip  take the outputs out of the notebooks
#   make lock     resolve requirements.lock anew          make clean  remove .venv and out
#   make pictures draw those of the README anew
# Choices: make demo LEADS=DIR (your own CRM export) · make setup PY=python3.12 (another Python)
# In an active conda environment made from environment.yml: make test BIN=$CONDA_PREFIX/bin (no .venv then).
#
# Windows has no make; the same as plain commands, in PowerShell or cmd:
#   py -m venv .venv
#   .venv\Scripts\python -m pip install uv==0.13.9
#   .venv\Scripts\uv pip install --require-hashes -r requirements.lock
#   .venv\Scripts\uv pip install --no-deps --no-build-isolation -e .
#   .venv\Scripts\simlib report scenarios/quick_start.yaml --workers 2 --out out/quick_start
#   .venv\Scripts\simlib report scenarios/loan_leads.yaml --set demand.export=scenarios/exports/small_leads --out out/leads
#   .venv\Scripts\python -m pytest -m "not slow"

PY ?= python3
BIN ?= .venv/bin
LEADS ?= scenarios/exports/small_leads
UV := uv==0.13.9

READY := $(if $(filter .venv/bin,$(BIN)),.venv/.ready)
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := demo
.PHONY: setup demo test check bench lab pictures format strip lock clean

setup: $(READY)

# The stamp makes the second time instant; a set-up that was interrupted leaves none and starts again.
.venv/.ready: requirements.lock pyproject.toml
	@$(PY) -c 'import sys; sys.version_info < (3, 11) and sys.exit("simlib needs Python 3.11 or newer, this is %d.%d; name another: make setup PY=python3.11" % sys.version_info[:2])'
	$(PY) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check '$(UV)'
	.venv/bin/uv pip install --quiet --python .venv/bin/python --compile-bytecode --require-hashes -r requirements.lock
	.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	$(BIN)/simlib report scenarios/quick_start.yaml --workers 2 --out out/quick_start
	$(BIN)/simlib report scenarios/loan_leads.yaml --set 'demand.export=$(LEADS)' --workers 2 --out out/leads

test: setup
	$(BIN)/python -m pytest -n 2 -q -m 'not slow'

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --durations=10

bench: setup
	$(BIN)/python -m pytest tests/benchmarks

lab: setup
	$(BIN)/jupyter lab --notebook-dir=notebooks

pictures: setup
	$(BIN)/python scripts/pictures.py

format: setup
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

strip: setup
	$(BIN)/jupyter nbconvert --clear-output --inplace notebooks/*.ipynb

# One lock for Linux, macOS and Windows and for every supported Python: the versions that the oldest one can take.
lock: setup
	.venv/bin/python -m pip install --quiet --disable-pip-version-check '$(UV)'
	.venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --fork-strategy fewest \
		--upgrade --generate-hashes --no-header --quiet -o requirements.lock

clean:
	rm -rf .venv out
