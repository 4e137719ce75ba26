# Keepstep's everyday commands. `make` lists them.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
PYTHON ?= python3

# One build configuration for everything, so that what is tested is what is installed.
CONFIGURATION := release
KEEPSTEP := .build/$(CONFIGURATION)/keepstep
GOLDEN := Tests/RecurrentTests/Golden
SWIFT_SOURCES := Package.swift Sources Tests Fuzz Examples

.DEFAULT_GOAL := help
.PHONY: help setup build demo test docs examples torture torture-proof sanitize fuzz portability bench install uninstall format lint golden check-export clean

help: ## list these targets
	@echo "make TARGET, where TARGET is"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "  %-13s %s\n", $$1, $$2 }'

setup: ## install what build, demo and test need (apt; sudo when not root)
	@scripts/setup.sh test

build: ## build the release binary
	@scripts/setup.sh build
	$(SWIFT) build -c $(CONFIGURATION) --product keepstep

demo: ## train, kill -9, resume, compare bits; leaves pictures, weights and predictions in demo/
	@scripts/setup.sh demo
	$(SWIFT) build -c $(CONFIGURATION) --product keepstep
	@scripts/demo.sh

test: ## run the whole test suite
	@scripts/setup.sh test
	$(SWIFT) test -c $(CONFIGURATION)

# In the folder where the library lies built already, by just these options: nothing of it is compiled again.
examples: ## build and test the programs in Examples/ that use the library
	@scripts/setup.sh build
	$(SWIFT) test -c $(CONFIGURATION) --package-path Examples --scratch-path .build

docs: ## make pages of the libraries' documentation, in .build/docs; any warning fails
	@scripts/setup.sh build
	$(SWIFT) build -c $(CONFIGURATION)
	@scripts/docs.sh $(CONFIGURATION)

torture: ## run all campaigns of faults with their full counts and print the table (an hour)
	@scripts/setup.sh test
	@SWIFT=$(SWIFT) scripts/torture.sh

torture-proof: ## put seeded bugs into a copy and see that the tests catch each (half an hour)
	@scripts/setup.sh test
	@SWIFT=$(SWIFT) scripts/torture-proof.sh

sanitize: ## run the tests under AddressSanitizer, UndefinedBehaviorSanitizer and ThreadSanitizer (half an hour)
	@scripts/setup.sh test
	@SWIFT=$(SWIFT) scripts/sanitize.sh

fuzz: ## feed forged files to every reader, each for FUZZ_SECONDS (60)
	@scripts/setup.sh fuzz
	@Fuzz/fuzz.sh

portability: ## show the same bits for aarch64 under an emulator, and exp, tanh and sigmoid over all floats (minutes)
	@scripts/setup.sh portability
	@Portability/portability.sh

bench: build ## measure speed beside PyTorch and JAX (minutes)
	@Benchmarks/bench.sh

install: build ## install keepstep, its manual page and completions into PREFIX (/usr/local), below DESTDIR
	@scripts/install.sh $(KEEPSTEP) "$(DESTDIR)$(PREFIX)"

uninstall: ## remove what install put there
	@scripts/install.sh --remove "$(DESTDIR)$(PREFIX)"

format: ## format the Swift code
	$(SWIFT) format -i -r -p $(SWIFT_SOURCES)

lint: ## check the Swift code's format
	$(SWIFT) format lint --strict -r -p $(SWIFT_SOURCES)

golden: .venv/ready ## make the golden values again with PyTorch and show what changed
	.venv/bin/python $(GOLDEN)/generate.py
	git --no-pager diff --stat -- $(GOLDEN)
	$(MAKE) check-export

check-export: .venv/export build ## have PyTorch, onnxruntime and MLX load exports and predict the same
	@scripts/check-export.sh

# PyTorch's CPU build where it is offered under that name; it is all that the generator needs.
.venv/ready:
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet torch==2.13.0+cpu numpy pandas safetensors \
	  || .venv/bin/pip install --quiet torch==2.13.0 numpy pandas safetensors
	touch $@

# What runs exports beside PyTorch; MLX is looked at where it can be had.
.venv/export: .venv/ready
	.venv/bin/pip install --quiet onnx onnxruntime
	.venv/bin/pip install --quiet 'mlx[cpu]' || echo "MLX can't be had here"
	touch $@

clean: ## remove what was built, and demo/
	rm -rf .build .venv demo
