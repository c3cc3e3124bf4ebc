#!/usr/bin/env bash
# Installs the browser, the database server and valgrind, which the tests drive, where apt is there to do it.
set -euo pipefail

wanted=()
command -v chromium >/dev/null || wanted+=(chromium)
command -v valgrind >/dev/null || wanted+=(valgrind)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || wanted+=(postgresql)
[ ${#wanted[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "not installed, and the tests that need them are skipped outside CI: ${wanted[*]}"
  exit 0
fi
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes "${wanted[@]}" >/dev/null ||
  echo "could not be installed, and the tests need them: ${wanted[*]}"
