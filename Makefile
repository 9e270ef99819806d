# logitkit. `make help` is the menu; `make demo` and `make test` install what they need and ask nothing.

PORT ?= 8080

# What the core is compiled with, and why:
#   -ffreestanding             it calls nothing, so that the module imports nothing
#   -ffp-contract=off          a fused multiply-add would give other bits than the targets without one
#   -fno-strict-aliasing       rows are read as floats, as integers and as vectors
#   -mbulk-memory              __builtin_memcpy is an instruction instead of a call
#   -fno-inline-functions      inlining is asked for where it pays (LK_INLINE), and wasm-opt inlines what has one caller;
#                              clang 19 would inline more on its own, 2.5 KB of it
STRICT := -std=c11 -ffreestanding -ffp-contract=off -fno-strict-aliasing -Wall -Wextra -Werror
WASM   := $(STRICT) -Os -fno-inline-functions -fno-vectorize -fno-slp-vectorize -msimd128 -mbulk-memory
# Emscripten's own linker (Debian adds its version to the name), called directly because emcc would export things of its
# own. The stack, 64 KiB, lies below the data, so that running over it traps; memory is 1 MiB at first, 4 GiB at most.
WASM_LD = "$$(em-config LLVM_ROOT)/wasm-ld$$(em-config LLVM_ADD_VERSION 2>/dev/null | sed 's/^/-/')"
# A seventh of the module goes when it is seen as a whole; arithmetic stays as it is written. Part of Emscripten, too.
WASM_OPT = "$$(em-config BINARYEN_ROOT)/bin/wasm-opt" -Os --converge --enable-simd --enable-bulk-memory
LINK   := --no-entry --strip-all --stack-first -z stack-size=65536 \
          --initial-memory=1048576 --max-memory=4294967296 --export=__heap_base

CORE   := $(sort $(wildcard src/*.c))
HEADS  := $(wildcard src/*.h)
JS     := $(wildcard js/*.js js/*/*.js)
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
          $(if $(wildcard tests/integration/*.test.js),integration) fuzz

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all build types demo site test test-all unit native browsers integration integration-all fuzz bench \
        bench-quick lint format size fresh docs torch clean help setup setup-build setup-native setup-browsers \
        setup-webkit setup-integration

all: build

help:
	@echo 'build        the core, the package and its types, in dist/ (also: make)'
	@echo 'demo         the playground, built and served; PORT=8123 chooses the port'
	@echo 'test         everything that must hold, with seconds per part'
	@echo 'test-all     the same, every runtime, bundler and browser, and a bare Debian 13'
	@echo 'unit native browsers integration fuzz lint'
	@echo '             the parts of test, one by one'
	@echo 'integration-all  the package on every runtime, through every bundler, in every browser'
	@echo 'bench        speed on every engine, into tests/bench/RESULTS.md; bench-quick takes a minute'
	@echo 'fresh        test and demo on a bare Debian 13 in a folder of build/ (root, debootstrap)'
	@echo 'format       rewrites JavaScript and JSON in the one format'
	@echo 'docs         docs/, from the tables of the library'
	@echo 'site types size torch clean'

# ---- the core

build/wasm/%.o: src/%.c $(HEADS) Makefile | setup-build
	@mkdir -p $(@D)
	@echo 'emcc $<'
	@emcc $(WASM) -c $< -o $@

dist/logitkit.wasm: $(CORE:src/%.c=build/wasm/%.o) src/exports.txt
	@mkdir -p $(@D)
	@echo 'wasm-ld $@'
	@$(WASM_LD) $(LINK) $(EXPORTS) $(filter %.o,$^) -o build/wasm/linked.wasm
	@$(WASM_OPT) build/wasm/linked.wasm -o $@
	@chmod 644 $@

# ---- the core without WebAssembly: the same sources for a machine without vectors, where files of src/plain/ stand in for
# those of the same name, translated to JavaScript (wasm2js is Emscripten's, too)

PLAIN_CORE := $(CORE:src/%.c=build/plain/%.o)
PLAIN      := $(STRICT) -Os -fno-inline-functions -mbulk-memory -isystem src/plain
WASM2JS    = "$$(em-config BINARYEN_ROOT)/bin/wasm2js" -Os -g --enable-bulk-memory
PLAIN_LINK := $(filter-out --strip-all,$(LINK))

define plain_object
build/plain/$(1).o: $(firstword $(wildcard src/plain/$(1).c) src/$(1).c) $(HEADS) $(wildcard src/plain/*.h) Makefile | setup-build
	@mkdir -p $$(@D)
	@echo 'emcc $$<'
	@emcc $(PLAIN) -c $$< -o $$@
endef
$(foreach stem,$(CORE:src/%.c=%),$(eval $(call plain_object,$(stem))))

define plain_module
$(1): build/plain/$(2).wasm src/logitkit.h scripts/plain.js
	@mkdir -p $$(@D)
	@$$(WASM_OPT) -g $$< -o build/plain/$(2).small.wasm
	@$$(WASM2JS) build/plain/$(2).small.wasm -o build/plain/$(2).module.js
	node scripts/plain.js build/plain/$(2).module.js src/logitkit.h $$@
endef
$(eval $(call plain_module,dist/plain.js,core))
$(eval $(call plain_module,build/plain/vectors.js,vectors))

build/plain/core.wasm: $(PLAIN_CORE) src/exports.txt
	@echo 'wasm-ld $@'
	@$(WASM_LD) $(PLAIN_LINK) $(EXPORTS) $(PLAIN_CORE) -o $@

build/plain/vectors.wasm: tests/native/vectors.c tests/native/vectors.h $(PLAIN_CORE)
	@emcc $(PLAIN) -Isrc -c $< -o build/plain/vectors.object
	@$(WASM_LD) $(PLAIN_LINK) --export=lk_vectors --export=lk_vector_count build/plain/vectors.object $(PLAIN_CORE) -o $@

# The core with the vectors that every target computes (tests/targets/).
build/wasm/vectors.wasm: tests/native/vectors.c tests/native/vectors.h $(CORE:src/%.c=build/wasm/%.o)
	@echo 'emcc $<'
	@emcc $(WASM) -Isrc -c $< -o build/wasm/vectors.object
	@$(WASM_LD) $(LINK) --export=lk_vectors --export=lk_vector_count build/wasm/vectors.object $(filter %.o,$^) -o build/wasm/vectors.linked
	@$(WASM_OPT) build/wasm/vectors.linked -o $@

dist/wasm.js: dist/logitkit.wasm scripts/embed.js
	node scripts/embed.js $< $(@D)

dist/abi.js: src/logitkit.h scripts/abi.js
	@mkdir -p $(@D)
	node scripts/abi.js $< $(@D)

# ---- the package

node_modules/.package-lock.json: package-lock.json | setup-build
	npm ci --ignore-scripts
	@touch $@

dist/index.js: $(JS) dist/wasm.js dist/plain.js dist/abi.js scripts/bundle.js node_modules/.package-lock.json
	node scripts/bundle.js

# Not by node_modules/.bin, where the TypeScript that rollup-plugin-dts works with may stand.
TSC := node node_modules/typescript/bin/tsc

dist/types/index.d.ts: $(JS) dist/wasm.js dist/plain.js dist/abi.js tsconfig.json scripts/types.js node_modules/.package-lock.json
	@rm -rf $(@D) build/types
	$(TSC) -p .
	node scripts/types.js build/types $(@D)

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
setup-build setup-native setup-browsers setup-webkit: setup-%:
	@scripts/setup.sh $*
setup-integration: tests/integration/node_modules/.package-lock.json
tests/%/node_modules/.package-lock.json: tests/%/package-lock.json | setup-build
	npm ci --ignore-scripts --prefix $(<D)
	@touch $@

test: setup
	node scripts/parts.js $(PARTS)

test-all: test integration-all fresh

# What between them runs every kernel is run again as `logitkit/js`, in a host without WebAssembly.
PLAIN_TESTS := softmax logsoftmax logsumexp argmax topk entropy entmax attention sampler golden tokens stages properties \
               nan views mask penalties transform
unit: build
	node --test --test-concurrency=$$(nproc) tests/*.test.js tests/bench/*.test.js

browsers: site build/wasm/vectors.wasm build/plain/vectors.js setup-browsers
	node --test --test-concurrency=$$(nproc) tests/browser/*.test.js

integration: build setup-integration setup-browsers
	node --test tests/integration/*.test.js
	NODE_OPTIONS='--conditions=plain --import=./tests/helpers/nowasm.js' node --test --test-concurrency=$$(nproc) $(PLAIN_TESTS:%=tests/%.test.js)

integration-all: integration setup-webkit tests/integration/matrix/node_modules/.package-lock.json
	node --test --test-concurrency=1 tests/integration/matrix/*.test.js

lint: build
	node_modules/.bin/biome ci --colors=off --error-on-warnings .
	$(TSC) -p web
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

native: $(PROGRAMS) build/native/count/tally build/wasm/vectors.wasm build/plain/vectors.js
	build/native/count/tally
	@for program in $(PROGRAMS); do echo "$$program"; $$program || exit 1; done
	node --test tests/targets/*.test.js

# Each program of tests/fuzz/ for FUZZ seconds, under the sanitizers; what fails is left in build/fuzz/.
FUZZ ?= 30
fuzzing := $(clang) -fsanitize=fuzzer-no-link
$(eval $(call native_rules,fuzzing))
build/fuzz/%: tests/fuzz/%.c $(CORE:src/%.c=build/native/fuzzing/core/%.o) $(HEADS)
	@mkdir -p $(@D)
	@echo 'fuzzing $<'
	@$(clang) -fsanitize=fuzzer $(filter %.c %.o,$^) -lm -o $@

fuzz: $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/*.c))
	@for program in $^; do \
	  $$program -seed=1 -max_total_time=$(FUZZ) -max_len=4096 -len_control=0 -print_final_stats=1 -verbosity=0 \
	    -artifact_prefix=$$program- || exit 1; \
	done

# ---- further

bench: build setup-browsers tests/bench/node_modules/.package-lock.json
	node tests/bench/run.js

bench-quick: build tests/bench/node_modules/.package-lock.json
	node tests/bench/run.js quick

fresh:
	@scripts/setup.sh fresh
	scripts/fresh.sh

docs: build
	node scripts/docs.js

torch:
	@scripts/setup.sh torch
	/usr/bin/python3 tests/torch/make.py tests/golden/torch.json

clean:
	rm -rf build dist
