#!/usr/bin/env bash
# Builds the abi3 wheel of accelerated and runs the contract tests with it on the Pythons of Debian, in
# chroots, and on each given Python.
#
#   scripts/try_wheels.sh [PYTHON]...
#
# Needs root and debootstrap. $DEBIAN_MIRROR is the mirror of Debian (default: that of apt), $SUITES the
# releases (default: bookworm trixie). The release "testing" has the newest Python.
set -euo pipefail
cd "$(dirname "$0")/.."

read -ra SUITES <<<"${SUITES:-bookworm trixie}"
BUILD_PYTHON=${BUILD_PYTHON:-.venv/bin/python}
WHEELS=$PWD/build/wheels
CHROOTS=$PWD/build/chroots
PACKAGES=python3,python3-pip,python3-psutil,python3-pytest,python3-hypothesis
# It compares files of the source tree, which are not installed.
NOT_INSTALLED=test_the_version_is_the_same_everywhere

fail() {
  echo "try_wheels: $*" >&2
  exit 1
}

build_wheel() {
  rm -rf "$WHEELS"/accelerated-*.whl
  ACCELERATED_REQUIRE_NATIVE=1 "$BUILD_PYTHON" -m pip wheel --quiet --no-deps --wheel-dir "$WHEELS" \
    native/accelerated
  wheel=$(echo "$WHEELS"/accelerated-*.whl)
  case $wheel in
    *-cp310-abi3-*.whl) echo "built ${wheel##*/}" ;;
    *) fail "the wheel does not support all Pythons from 3.10 on: ${wheel##*/}" ;;
  esac
}

mirror() {
  local found=${DEBIAN_MIRROR:-}
  if [ -z "$found" ]; then
    found=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
  fi
  [ -n "$found" ] || fail "apt has no mirror of Debian: set DEBIAN_MIRROR"
  echo "$found"
}

# Mounts disappear with the namespace, even if this script is killed.
with_own_mounts() {
  unshare --mount --propagation private "$@"
}

make_chroot() {
  local suite=$1 root=$CHROOTS/$1
  [ -e "$root/.made" ] && return
  echo "creating a chroot of $suite (takes some minutes)"
  rm -rf "$root"
  mkdir -p "$root"
  with_own_mounts debootstrap --variant=minbase --include="$PACKAGES" "$suite" "$root" \
    "$(mirror)" >"$root.log" 2>&1 || fail "debootstrap of $suite failed: see $root.log"
  touch "$root/.made"
}

# Checks to run on each Python, in a directory with the tests.
checks() {
  cat <<EOF
set -e
"\$1" -c "import sys, accelerated
assert accelerated.backend() == 'native', accelerated.backend_info()
assert 'site-packages' in accelerated.__file__ or 'dist-packages' in accelerated.__file__
print('Python', sys.version.split()[0], accelerated.backend_info())"
"\$1" -m pytest -q -c /dev/null --rootdir . -p no:cacheprovider tests/accelerated -k "not $NOT_INSTALLED"
EOF
}

copy_tests() {
  rm -rf "$1"
  mkdir -p "$1/tests" "$1/benchmarks"
  cp -r tests/accelerated "$1/tests/"
  cp benchmarks/memory_growth.py "$1/benchmarks/"
}

try_chroot() {
  local root=$CHROOTS/$1
  echo "== Debian $1"
  copy_tests "$root/srv/accelerated"
  cp "$wheel" "$root/srv/accelerated/"
  checks >"$root/srv/accelerated/checks"
  cat >"$root/srv/accelerated/run" <<'EOF'
cd /srv/accelerated
python3 -m pip install --quiet --no-index --no-deps --force-reinstall --break-system-packages \
  --root-user-action=ignore ./accelerated-*.whl
exec sh checks python3
EOF
  # shellcheck disable=SC2016 # expanded by the inner shell
  with_own_mounts sh -c '
    mount --bind "$1" "$1"  # tests that unshare mounts need the root to be a mount point
    for tree in proc sys dev; do mount --rbind "/$tree" "$1/$tree" || exit; done
    exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
      sh /srv/accelerated/run' sh "$root"
}

try_python() {
  local python=$1 name place
  name=$("$python" -c 'import platform; print(platform.python_version())') || fail "no Python: $python"
  place=$WHEELS/python-$name
  echo "== $name"
  [ -x "$place/venv/bin/pytest" ] || {
    "$python" -m venv --clear "$place/venv"
    "$place/venv/bin/pip" install --quiet psutil pytest hypothesis
  }
  "$place/venv/bin/pip" install --quiet --no-index --no-deps --force-reinstall "$wheel"
  copy_tests "$place/tried"
  checks >"$place/checks"
  (cd "$place/tried" && sh "$place/checks" "$place/venv/bin/python")
}

[ "$(id -u)" = 0 ] || fail "creating chroots needs root"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
build_wheel
for suite in "${SUITES[@]}"; do
  make_chroot "$suite"
  try_chroot "$suite"
done
for python in "$@"; do
  try_python "$python"
done
echo "the wheel works on all $((${#SUITES[@]} + $#)) Pythons"
