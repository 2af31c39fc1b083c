# `make` lists the targets. Each sets up what it needs: nothing but Python 3.11 or newer and make must be there before.
# Everything installed goes to .venv (and build/wheel-venv for `make check`); remove them with `make clean`.

VENV := .venv
RUN := $(VENV)/.installed-to-run
DEV := $(VENV)/.installed-to-develop
WHEEL_VENV := build/wheel-venv
BIN := $(VENV)/bin/python
PIP := -m pip --disable-pip-version-check --quiet
EXAMPLE := ontology/examples/smoldering.yaml
WORKERS ?= 2
CASES ?= 100000
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test check lint types layers fresh test-wheel bench soak docs wheel clean

help: ## list the targets | 列出全部目标
	@awk -F '## ' '/^[a-z-]+:.*## / { split($$1, name, ":"); split($$2, text, " [|] "); \
	  printf "  make %-12s %s\n  %17s %s\n", name[1], text[1], "", text[2] }' $(MAKEFILE_LIST)

demo: $(RUN) ## what every source says of an example patient, and the proof of one verdict | 各来源对一个示例患者的判定，以及其中一项的依据
	@echo '$$ mbkg recommend $(EXAMPLE)'
	@$(BIN) -m kg recommend $(EXAMPLE)
	@echo
	@echo '$$ mbkg why $(EXAMPLE) start-china2022-smoldering'
	@$(BIN) -m kg why $(EXAMPLE) start-china2022-smoldering

test: $(DEV) ## the tests, on the checkout | 在检出目录上运行测试
	@$(BIN) -m pytest -n $(WORKERS) --dist loadgroup -q $(PYTEST_ARGS)

check: lint types layers fresh test test-wheel ## all that must hold before a change goes in | 合入前须通过的全部检查

lint: $(DEV) ## style: ruff with every rule, and its formatter | 代码风格检查
	@$(BIN) -m ruff check .
	@$(BIN) -m ruff format --check .

types: $(DEV) ## types: mypy, strict | 类型检查
	@$(BIN) -m mypy

layers: $(DEV) ## imports go down only | 各层只可向下导入
	@$(VENV)/bin/lint-imports --no-cache

fresh: $(DEV) ## generated files are up to date, and no hygiene query finds anything | 生成文件为最新，且无卫生检查告警
	@$(BIN) -m kg build --check
	@$(BIN) -m kg check

test-wheel: $(WHEEL_VENV)/.installed-to-develop wheel ## the tests, on the wheel as installed | 在安装后的wheel上运行测试
	@$(WHEEL_VENV)/bin/python $(PIP) install --force-reinstall --no-deps dist/*.whl
	@MBKG_TEST_INSTALLED=1 PYTHONSAFEPATH=1 $(WHEEL_VENV)/bin/pytest -n $(WORKERS) --dist loadgroup -q $(PYTEST_ARGS)

bench: $(DEV) ## speed as ratios and 10,000 cases against the second reading, to docs/performance.md | 性能比值与一万例比对，写入 docs/performance.md
	@$(BIN) benchmarks/run.py

soak: $(DEV) ## the same and the property tests for much longer, with fresh random cases | 以新的随机病例长时间运行比对与性质测试
	@$(BIN) benchmarks/differential.py $(CASES)
	@MBKG_CASES=5000 $(BIN) -m pytest -n $(WORKERS) -q --hypothesis-profile=soak $(PYTEST_ARGS)

docs: $(DEV) ## write the generated pages of the manual | 生成手册中自动生成的页面
	@$(BIN) docs/manual.py

wheel: $(DEV) ## build dist/*.whl from the source archive | 由源码包构建 dist/*.whl
	@rm -rf dist
	@$(BIN) -m build --outdir dist . > build/build.log 2>&1 || { cat build/build.log; exit 1; }
	@ls dist

clean: ## remove what make made | 删除 make 产生的文件
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# --- setting up ---------------------------------------------------------------------------------------------------

$(BIN):
	@found=; for name in "$(PYTHON)" python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if [ -n "$$name" ] && "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; \
	  then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'mbkg: Python 3.11 or newer is needed and was not found; name it with: make PYTHON=/path/to/python3.12' >&2; \
	  echo 'mbkg: 需要 Python 3.11 或更高版本，但未找到；可用 make PYTHON=/路径/python3.12 指定' >&2; exit 4; \
	fi; \
	if ! "$$found" -c 'import venv, ensurepip' > /dev/null 2>&1; then \
	  echo "mbkg: $$found has no venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  echo "mbkg: $$found 缺少 venv 模块；Debian 与 Ubuntu 上请运行：apt-get install python3-venv" >&2; exit 4; \
	fi; \
	echo "Setting up $(VENV), once | 首次运行，正在建立 $(VENV)"; \
	"$$found" -m venv --clear $(VENV) && $(BIN) $(PIP) install --upgrade 'pip>=25.1' || { rm -rf $(VENV); exit 4; }

$(RUN): pyproject.toml | $(BIN)
	@$(BIN) $(PIP) install --editable .
	@touch $@

$(DEV): pyproject.toml | $(BIN)
	@$(BIN) $(PIP) install --editable . --group dev
	@mkdir -p build
	@touch $@ $(RUN)

$(WHEEL_VENV)/.installed-to-develop: pyproject.toml | $(DEV)
	@$(BIN) -m venv --clear $(WHEEL_VENV)
	@$(WHEEL_VENV)/bin/python $(PIP) install --upgrade 'pip>=25.1'
	@$(WHEEL_VENV)/bin/python $(PIP) install . --group dev
	@touch $@
