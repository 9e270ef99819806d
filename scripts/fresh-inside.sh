#!/bin/sh
# The part of scripts/fresh.sh that runs in the new system: the two commands that a newcomer would type.
set -eu
cd "$HOME/logitkit"
. /etc/os-release
echo "fresh: $PRETTY_NAME, node $(node --version), npm $(npm --version)"

make demo PORT="$PORT" </dev/null &
demo=$!
tries=0
until node -e "fetch('http://127.0.0.1:$PORT/').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"; do
  kill -0 $demo 2>/dev/null || { echo 'fresh: make demo ended' >&2; exit 1; }
  tries=$((tries + 1))
  [ $tries -lt 900 ] || { echo 'fresh: make demo served nothing within 30 minutes' >&2; exit 1; }
  sleep 2
done
echo "fresh: make demo serves http://127.0.0.1:$PORT/"
kill $demo

make test </dev/null
echo 'fresh: make demo and make test passed'
