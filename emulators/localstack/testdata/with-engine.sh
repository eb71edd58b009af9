#!/usr/bin/env bash
# Run a command that needs a Docker engine: with-engine.sh CMD ARGS…
#
# Where an engine answers, it is used. Where none does, one is installed (Debian's
# docker.io, as root) and started for the length of the command, with its own folder
# and socket. Where that is not possible nothing is run, which is said loudly.
set -euo pipefail

skip() {
  printf '\n***********************************************************\n' >&2
  printf '* SKIPPED, NOTHING WAS TESTED: %s\n' "$1" >&2
  printf '* not run: %s\n' "$2" >&2
  printf '***********************************************************\n\n' >&2
  exit 0
}

export SHAKEDOWN_DOCKER=1 # from here on a test without an engine fails
if docker info >/dev/null 2>&1; then
  exec "$@"
fi
[ "$(id -u)" = 0 ] || skip "no Docker engine answers, and only root can start one" "$*"
if ! command -v dockerd >/dev/null; then
  command -v apt-get >/dev/null || skip "no Docker engine, and no apt-get to install Debian's" "$*"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q docker.io; } >&2 ||
    skip "Debian's docker.io cannot be installed" "$*"
fi

dir=$(mktemp -d /tmp/shakedown-engine.XXXXXX)
pid=
stop() {
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start STORAGE-ARGS…: an engine of our own; false when it does not come up.
start() {
  dockerd --host "unix://$dir/docker.sock" --data-root "$dir/data" --exec-root "$dir/exec" \
    --pidfile "$dir/pid" "$@" >"$dir/log" 2>&1 &
  pid=$!
  for _ in $(seq 100); do
    if docker --host "unix://$dir/docker.sock" info >/dev/null 2>&1; then return 0; fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  pid=
  return 1
}

start || start --storage-driver vfs || { tail -5 "$dir/log" >&2; skip "dockerd does not start here" "$*"; }
export DOCKER_HOST="unix://$dir/docker.sock"
# The engine shares our network, also where we are in a container ourselves.
export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
"$@"
