#!/usr/bin/env bash
# Installs the programs that the tests use (browser, database server, valgrind) with apt, if it is available.
set -euo pipefail

wanted=()
command -v chromium >/dev/null || wanted+=(chromium)
command -v valgrind >/dev/null || wanted+=(valgrind)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || wanted+=(postgresql)
[ ${#wanted[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "not installed: ${wanted[*]}; tests that need them are skipped outside CI"
  exit 0
fi
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes "${wanted[@]}" >/dev/null ||
  echo "could not be installed: ${wanted[*]}; the tests need them"
