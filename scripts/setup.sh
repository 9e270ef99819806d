#!/bin/sh
# Makes sure that the machine has what the named parts need, and installs what is missing from Debian's archive.
#   scripts/setup.sh build | native | browsers | webkit | torch | fresh ...
# It asks nothing. Without the right to install it names the missing packages and stops.
set -eu

NODE_MAJOR=20

die() {
  echo "setup: $*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Sanitizers are part of gcc's own library but of a package of its own, named after the version, for clang; so is libFuzzer.
clang_has_sanitizers() {
  folder=$(mktemp -d)
  echo 'int LLVMFuzzerTestOneInput(const char *x, unsigned long n) { return !x && n; }' >"$folder/a.c"
  clang -fsanitize=address,undefined,fuzzer "$folder/a.c" -o "$folder/a" 2>/dev/null && found=0 || found=1
  rm -r "$folder"
  return $found
}

# One line per package that a part still needs.
missing() {
  case $1 in
  build)
    has emcc && has em-config || echo emscripten
    ;;
  native)
    has gcc || echo gcc
    [ -e /usr/include/stdio.h ] || echo libc6-dev
    [ -e /usr/include/simde/wasm/simd128.h ] || echo libsimde-dev
    if ! has clang; then
      echo clang
    elif ! clang_has_sanitizers; then
      echo "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"
    fi
    ;;
  browsers)
    has chromium || echo chromium
    has firefox-esr || echo firefox-esr
    ;;
  webkit)
    has WebKitWebDriver || echo webkit2gtk-driver
    has Xvfb || echo xvfb
    ;;
  torch)
    /usr/bin/python3 -c 'import torch' 2>/dev/null || echo python3-torch
    /usr/bin/python3 -c 'import scipy' 2>/dev/null || echo python3-scipy
    ;;
  fresh)
    has debootstrap || echo debootstrap
    ;;
  *) die "no part '$1'" ;;
  esac
}

all_missing() {
  for part; do missing "$part"; done | sort -u | tr '\n' ' '
}

has node || die "Node $NODE_MAJOR or newer is needed, and no 'node' was found (Debian: nodejs)"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge "$NODE_MAJOR" ] || die "Node $NODE_MAJOR or newer is needed, this is $(node --version)"
has npm || die "npm is needed, and none was found (Debian: npm)"

packages=$(all_missing "$@")
[ -n "$packages" ] || exit 0

if ! has apt-get; then
  die "missing: $packages(Debian's names); there is no apt-get here to install them"
elif [ "$(id -u)" = 0 ]; then
  as_root=env
elif has sudo && sudo -n true 2>/dev/null; then
  as_root='sudo -n env'
else
  die "missing: $packages- install them, or run this as root or with a sudo that asks nothing"
fi

# Parts of a parallel make take turns. What a package needs beside it may show only once it is there: clang's runtime
# is named after clang's version.
mkdir -p build
exec 9>build/setup.lock
flock 9
for round in 1 2; do
  packages=$(all_missing "$@")
  [ -n "$packages" ] || exit 0
  echo "setup: installing $packages"
  [ $round = 2 ] || $as_root apt-get update -q
  # shellcheck disable=SC2086
  $as_root DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages </dev/null
done
packages=$(all_missing "$@")
[ -z "$packages" ] || die "still missing after installing: $packages"
