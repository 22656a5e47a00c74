# Every command of the project. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build pack demo test test-native test-wasm test-npm test-package test-e2e test-engines lint size docs bench fuzz clean

# rust.env is empty where rustup has the source of std, and names Debian's Rust where it has not (setup.sh).
with_rust := source .tools/rust.env && PATH="$(CURDIR)/.tools/bin:$$PATH"
wasm := --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort
# The time limit is a file's; support.mjs has one for each test.
e2e := node --test --test-concurrency=1 --test-timeout=600000
package := node --test --test-timeout=300000 tests/npm/*.test.mjs
flows := tests/e2e/*.test.mjs

help: ## list the commands
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/make \1\t\2/' | expand -t 18

setup: ## install what is missing, and say what and why
	@./setup.sh

build: setup ## compile the package into pkg/
	@$(with_rust) node build.mjs

pack: build ## make the package's tarball, and say what is in it
	@node build.mjs --pack

demo: build ## serve the demo: page, sign-in provider, challenging API
	@node www/server.mjs

test: setup lint test-native test-wasm test-npm test-e2e ## every check: lint, native, wasm, package, end to end

test-native: setup ## the pure layers, with a virtual clock and a scripted server
	cargo test --test it
	cargo test --doc

test-wasm: setup ## the adapters, in headless Chromium
	@$(with_rust) RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
	  WASM_BINDGEN_TEST_TIMEOUT=120 CHROMEDRIVER="$$(command -v chromedriver)" cargo test $(wasm) --test browser

test-npm: pack ## the package, in Node, and in apps of some bundlers in Chromium
	$(package)

test-package: pack ## the package in apps of every bundler that we know, on hosts good and bad, and under msal-angular, in Chromium
	BUNDLERS=all $(package) tests/npm/msal_angular.mjs

test-e2e: build ## the demo and the package, driven in Chromium; the main flows in Firefox and WebKit too
	$(e2e) $(flows)
	BROWSER=firefox $(e2e) $(addprefix tests/e2e/,$(addsuffix .test.mjs,main_job redirect popup frame demands abort))
	xvfb-run -a $(e2e) tests/e2e/webkit.mjs

test-engines: build ## the same, with every flow in Chromium and Firefox
	$(e2e) $(flows)
	BROWSER=firefox $(e2e) $(flows)
	xvfb-run -a $(e2e) tests/e2e/webkit.mjs

lint: setup ## rustfmt, clippy (native and wasm), the fuzz targets, rustdoc, tsc, eslint
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	@$(with_rust) export RUSTC_BOOTSTRAP=1; if [ ! -s .tools/rust.env ]; then \
	  cargo clippy $(wasm) --lib --test browser -- -D warnings; \
	else \
	  echo "Debian's Rust has no clippy: the wasm code is compiled, with warnings as errors"; \
	  RUSTFLAGS="-D warnings" cargo check $(wasm) --lib --test browser; \
	fi
	@# Compiled and not linked, so that libFuzzer, which is C++, is not needed.
	CUSTOM_LIBFUZZER_PATH=target/none RUSTC_BOOTSTRAP=1 RUSTFLAGS="-D warnings" cargo check --manifest-path tests/fuzz/Cargo.toml --target-dir target/fuzz
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --quiet
	npx tsc --noEmit
	npx eslint --max-warnings 0 .

size: build ## what users download, in bytes, and what of the wasm is largest; writes tests/size.snap
	@node build.mjs --size

docs: build ## the references of both languages, the documents and a recording of the demo, in target/docs
	@node www/docs/build.mjs

bench: build ## this package and its peers, side by side in Chromium, and the challenge reader beside http-auth; BENCH=--write for README and chart
	@node tests/bench/run.mjs $(BENCH)
	@# glibc gives the memory of a long line back to the system after each run, and faults it in again in the next: that would be measured, not us.
	@# The wasm's allocator keeps what it has, as glibc does with these.
	@MALLOC_TRIM_THRESHOLD_=1073741824 MALLOC_MMAP_THRESHOLD_=1073741824 cargo bench --bench challenge

fuzz: setup ## the fuzzers, 60 seconds each
	@tests/fuzz/run.sh 60

clean: ## remove what was built (not what was installed)
	rm -rf target pkg
