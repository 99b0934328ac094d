# Two commands do everything: `make score` judges the examples, `make test` runs the tests. Both make the environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := uv==0.13.8
# Tests run in so many processes at once; one thread in each, so that they do not wait for one another.
WORKERS ?= 2

.PHONY: score test slow check bench bench-growth lock clean

score: $(VENV)/score.stamp
	$(BIN)/recjudge score examples/outputs.jsonl

test: $(VENV)/dev.stamp
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not slow" -n $(WORKERS) --dist worksteal

slow: $(VENV)/dev.stamp
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m slow -n $(WORKERS) --dist loadfile --durations 12

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHON=$(abspath $(BIN))/python bash .ci/types

# MOCK is a mock server's program (benchmarks/performance.py says what it must do); the page and the README's table are written.
bench: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/performance.py --readme $(if $(MOCK),--mock $(MOCK))

# Growth against the number of samples, labels and texts, to a million and ten; SAMPLES, LABELS, TEXTS are other sizes, as 10000,100000.
bench-growth: $(VENV)/dev.stamp
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/growth.py --write $(if $(SAMPLES),--sizes $(SAMPLES))
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/growth_statistics.py --write $(if $(LABELS),--labels $(LABELS)) $(if $(TEXTS),--texts $(TEXTS))

# uv installs several times faster than pip; where it cannot be had, pip does the same from the same hashes.
$(VENV)/score.stamp: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check "$(UV)" || true
	$(call install,requirements.lock)
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.stamp: $(VENV)/score.stamp requirements-dev.lock
	$(call install,requirements-dev.lock)
	touch $@

define install
	if $(BIN)/python -m uv --version >/dev/null 2>&1; then \
	  $(BIN)/python -m uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r $(1); \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $(1); \
	fi
endef

# Writes both lock files anew: hashes, no addresses.
lock:
	$(BIN)/python -m uv lock -q --upgrade
	$(BIN)/python -m uv export -q --no-dev --no-emit-project --no-emit-index-url --no-annotate --no-header --extra embed --extra serve --group weights --group build -o requirements.lock
	$(BIN)/python -m uv export -q --only-group dev --no-emit-project --no-emit-index-url --no-annotate --no-header -o requirements-dev.lock
	# what no platform installs (torch, asked for by the weights' package) need not be listed
	for lock in requirements.lock requirements-dev.lock; do \
	  awk '/^[^ ]/ { drop = /sys_platform == .never./ } !drop' $$lock > $$lock.part && mv $$lock.part $$lock; \
	done
	rm -f uv.lock

clean:
	rm -rf $(VENV) build *.egg-info
