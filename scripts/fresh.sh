#!/bin/sh
# `make test` and `make demo` as on a bare Debian 13: what is committed, cloned into a new system in build/fresh that
# has only git, make, Node, npm and certificates. Needs root. A system that is there already is used again with all
# that was installed in it; KEEP= (empty) starts anew.
set -eu

SUITE=trixie
PORT=${PORT:-8123}
KEEP=${KEEP-yes}
system=build/fresh
home=$system/home

die() {
  echo "fresh: $*" >&2
  exit 1
}
[ "$(id -u)" = 0 ] || die 'needs root, for debootstrap and chroot'
git rev-parse -q --verify HEAD >/dev/null || die 'nothing is committed'
[ -z "$(git status --porcelain)" ] || echo 'fresh: changes that are not committed are left out'

# Mounts and processes of the new system live in namespaces of their own: they end with this script, however it ends,
# so that nothing of this machine can be reached through a forgotten mount.
if [ -z "${LOGITKIT_FRESH:-}" ]; then
  export LOGITKIT_FRESH=1
  exec unshare --mount --propagation private --pid --fork --kill-child "$0"
fi

# The new system reaches its archives the way this one does, whatever that is.
setting() { apt-config dump "$1" | sed -n 's/^[^"]*"\(.*\)";$/\1/p' | head -n 1; }
archive() { apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep "/$1/*\$" | head -n 1; }
mirror=$(archive debian)
security=$(archive debian-security)
[ -n "$mirror" ] && [ -n "$security" ] || die 'this machine names no archives of debian and debian-security'
http_proxy=${http_proxy:-$(setting Acquire::http::Proxy)}
https_proxy=${https_proxy:-$(setting Acquire::https::Proxy)}
[ -z "$http_proxy" ] || export http_proxy
[ -z "$https_proxy" ] || export https_proxy

[ -n "$KEEP" ] || rm -rf "$system"
if [ ! -e "$system/etc/fresh" ]; then
  rm -rf "$system"
  mkdir -p "$system"
  debootstrap --variant=minbase "$SUITE" "$system" "$mirror"
  touch "$system/etc/fresh"
fi
# What an installed system has; debootstrap leaves the updates out, and with them newer browsers.
cat >"$system/etc/apt/sources.list" <<END
deb $mirror $SUITE main
deb $mirror $SUITE-updates main
deb $security $SUITE-security main
END
apt-config dump Acquire >"$system/etc/apt/apt.conf.d/00host"
for auth in /etc/apt/auth.conf /etc/apt/auth.conf.d/*; do
  [ ! -f "$auth" ] || cp -p --parents "$auth" "$system"
done
cp -L /etc/resolv.conf /etc/hosts "$system/etc/"
for config in globalconfig userconfig; do
  file=$(npm config get $config 2>/dev/null)
  [ ! -f "$file" ] || cat "$file"
done | grep -v '^cafile' >"$home/.npmrc" || true

set -- HOME=/home LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "PORT=$PORT"
[ -z "$http_proxy" ] || set -- "$@" "http_proxy=$http_proxy"
[ -z "$https_proxy" ] || set -- "$@" "https_proxy=$https_proxy"
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  cp -L "$NODE_EXTRA_CA_CERTS" "$system/etc/host-certificates.crt"
  set -- "$@" NODE_EXTRA_CA_CERTS=/etc/host-certificates.crt npm_config_cafile=/etc/host-certificates.crt
fi

mount -t proc proc "$system/proc"
mount -t devpts devpts "$system/dev/pts"
mkdir -p "$system/dev/shm"
mount -t tmpfs tmpfs "$system/dev/shm"

inside() { chroot "$system" env -i "$@"; }
inside "$@" apt-get update -q
inside "$@" DEBIAN_FRONTEND=noninteractive apt-get upgrade -q -y
inside "$@" DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
  git make nodejs npm ca-certificates
rm -rf "$home/logitkit"
git clone -q --no-local . "$home/logitkit"
inside "$@" sh /home/logitkit/scripts/fresh-inside.sh
