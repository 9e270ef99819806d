# logitkit. `make help` is the menu; `make demo` and `make test` install what they need and ask nothing.

PORT ?= 8080

# What the core is compiled with, and why:
#   -ffreestanding             it calls nothing, so that the module imports nothing
#   -ffp-contract=off          a fused multiply-add would give other bits than the targets without one
#   -fno-strict-aliasing       rows are read as floats, as integers and as vectors
#   -mbulk-memory              __builtin_memcpy is an instruction instead of a call
STRICT := -std=c11 -ffreestanding -ffp-contract=off -fno-strict-aliasing -Wall -Wextra -Werror
WASM   := $(STRICT) -Os -msimd128 -mbulk-memory
# Emscripten's own linker (Debian adds its version to the name), called directly because emcc would export things of its
# own. The stack, 64 KiB, lies below the data, so that running over it traps; memory is 1 MiB at first, 4 GiB at most.
WASM_LD = "$$(em-config LLVM_ROOT)/wasm-ld$$(em-config LLVM_ADD_VERSION 2>/dev/null | sed 's/^/-/')"
LINK   := --no-entry --strip-all --stack-first -z stack-size=65536 \
          --initial-memory=1048576 --max-memory=4294967296 --export=__heap_base

CORE   := $(sort $(wildcard src/*.c))
HEADS  := $(wildcard src/*.h)
JS     := $(wildcard js/*.js)
EXPORTS = $(addprefix --export=,$(shell cat src/exports.txt))

# The same sources outside wasm, where the shim's header stands in for clang's and forwards to SIMDe: checked by the
# sanitizers, and as fast as the compiler makes it, which must not change a bit. Each program of tests/native/ is built
# in each of these and has passed when it exits with 0.
NATIVE  := $(sort $(wildcard tests/native/*.c))
OUTSIDE := $(STRICT) -g -isystem tests/native/shim -Isrc
SANE    := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
VARIANTS   := gcc clang gcc-fast clang-fast
gcc        := gcc $(OUTSIDE) $(SANE)
clang      := clang $(OUTSIDE) $(SANE)
gcc-fast   := gcc $(OUTSIDE) -O3 -march=native
clang-fast := clang $(OUTSIDE) -O3 -march=native
PROGRAMS   := $(foreach variant,$(VARIANTS),$(NATIVE:tests/native/%.c=build/native/$(variant)/%))

# Parts of `make test`, those whose files exist.
PARTS  := build lint unit native $(if $(wildcard tests/browser/*.test.js),browsers) \
          $(if $(wildcard tests/integration/*.test.js),integration)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all build types demo site test test-all unit native browsers integration bench bench-quick lint format \
        size fresh torch clean help setup setup-build setup-native setup-browsers setup-integration

all: build

help:
	@echo 'build        the core, the package and its types, in dist/ (also: make)'
	@echo 'demo         the playground, built and served; PORT=8123 chooses the port'
	@echo 'test         everything that must hold, with seconds per part'
	@echo 'test-all     the same here and on a bare Debian 13'
	@echo 'unit native browsers integration lint'
	@echo '             the parts of test, one by one'
	@echo 'bench        speed on every engine, into tests/bench/RESULTS.md; bench-quick takes a minute'
	@echo 'fresh        test and demo on a bare Debian 13 in a folder of build/ (root, debootstrap)'
	@echo 'format       rewrites JavaScript and JSON in the one format'
	@echo 'site types size torch clean'

# ---- the core

build/wasm/%.o: src/%.c $(HEADS) Makefile | setup-build
	@mkdir -p $(@D)
	@echo 'emcc $<'
	@emcc $(WASM) -c $< -o $@

dist/logitkit.wasm: $(CORE:src/%.c=build/wasm/%.o) src/exports.txt
	@mkdir -p $(@D)
	@echo 'wasm-ld $@'
	@$(WASM_LD) $(LINK) $(EXPORTS) $(filter %.o,$^) -o $@
	@chmod 644 $@

# The core with the vectors that every target computes (tests/targets/).
build/wasm/vectors.wasm: tests/native/vectors.c tests/native/vectors.h $(CORE:src/%.c=build/wasm/%.o)
	@echo 'emcc $<'
	@emcc $(WASM) -Isrc -c $< -o build/wasm/vectors.object
	@$(WASM_LD) $(LINK) --export=lk_vectors --export=lk_vector_count build/wasm/vectors.object $(filter %.o,$^) -o $@

dist/wasm.js: dist/logitkit.wasm scripts/embed.js
	node scripts/embed.js $< $(@D)

dist/abi.js: src/logitkit.h scripts/abi.js
	@mkdir -p $(@D)
	node scripts/abi.js $< $(@D)

# ---- the package

node_modules/.package-lock.json: package-lock.json | setup-build
	npm ci --ignore-scripts
	@touch $@

dist/index.js: $(JS) dist/wasm.js dist/abi.js scripts/bundle.js node_modules/.package-lock.json
	node scripts/bundle.js

dist/types/index.d.ts: $(JS) dist/wasm.js dist/abi.js tsconfig.json node_modules/.package-lock.json
	@rm -rf $(@D)
	node_modules/.bin/tsc -p .

types: dist/types/index.d.ts
build: dist/index.js types
size: build
	node scripts/size.js

# ---- the playground

site: build
	node web/build.js

demo: site
	node scripts/serve.js dist/site $(PORT)

# ---- tests: `make test` sets everything up first and then runs the parts against the clock

setup: setup-build setup-native setup-browsers setup-integration node_modules/.package-lock.json
setup-build setup-native setup-browsers: setup-%:
	@scripts/setup.sh $*
setup-integration: tests/integration/node_modules/.package-lock.json
tests/%/node_modules/.package-lock.json: tests/%/package-lock.json | setup-build
	npm ci --ignore-scripts --prefix $(<D)
	@touch $@

test: setup
	node scripts/parts.js $(PARTS)

test-all: test fresh

unit: build
	node --test tests/*.test.js tests/bench/*.test.js

browsers: site build/wasm/vectors.wasm setup-browsers build/wasm/vectors.wasm
	node --test tests/browser/*.test.js

integration: build setup-integration
	node --test tests/integration/*.test.js

lint: build
	node_modules/.bin/biome ci --colors=off --error-on-warnings .
	node_modules/.bin/tsc -p web
	node scripts/lint.js

format: node_modules/.package-lock.json
	node_modules/.bin/biome check --write .

define native_rules
build/native/$(1)/core/%.o: src/%.c $(HEADS) Makefile | setup-native
	@mkdir -p $$(@D)
	@echo '$(1) $$<'
	@$$($(1)) -c $$< -o $$@
build/native/$(1)/%: tests/native/%.c $(CORE:src/%.c=build/native/$(1)/core/%.o) $(HEADS)
	@echo '$(1) $$<'
	@$$($(1)) $$(filter %.c %.o,$$^) -lm -o $$@
endef
$(foreach variant,$(VARIANTS),$(eval $(call native_rules,$(variant))))

# The counting build: what a token costs in work instead of time.
count := gcc $(OUTSIDE) -O2 -DLK_COUNT
$(eval $(call native_rules,count))
build/native/count/tally: tests/tally/tally.c $(CORE:src/%.c=build/native/count/core/%.o) $(HEADS)
	@echo 'count $<'
	@$(count) $(filter %.c %.o,$^) -lm -o $@

native: $(PROGRAMS) build/native/count/tally build/wasm/vectors.wasm
	build/native/count/tally
	@for program in $(PROGRAMS); do echo "$$program"; $$program || exit 1; done
	node --test tests/targets/*.test.js

# ---- further

bench: build setup-browsers tests/bench/node_modules/.package-lock.json
	node tests/bench/run.js

bench-quick: build tests/bench/node_modules/.package-lock.json
	node tests/bench/run.js quick

fresh:
	@scripts/setup.sh fresh
	scripts/fresh.sh

torch:
	@scripts/setup.sh torch
	/usr/bin/python3 tests/torch/make.py

clean:
	rm -rf build dist
