#!/usr/bin/env bash
# Tries the wheels in build/dist (scripts/build_wheels.py makes them) on Python 3.11 to 3.15: on Debian's own
# Pythons in chroots, and on every interpreter that is named or found. Each runs the tests of accelerated's
# contract, and `workbench audit` from the base install. What cannot be had is named at the end.
#
#   scripts/try_wheels.sh [PYTHON]...
#
# Needs root and debootstrap. Debian comes from $DEBIAN_MIRROR, or from where apt has it; $SUITES names the
# releases, SUITE+PACKAGE where it has a second Python. Without PYTHON it takes python3.11 to python3.15 from
# PATH and from pyenv.
set -euo pipefail
cd "$(dirname "$0")/.."

read -ra SUITES <<<"${SUITES:-bookworm trixie sid+python3.15}"
DIST=$PWD/build/dist
WHEELS=$PWD/build/wheels
CHROOTS=$PWD/build/chroots
TOOLS=$PWD/build/wheel-tools/bin
MINORS=(11 12 13 14 15)
PACKAGES=python3,python3-pip,python3-psutil,python3-pytest,python3-hypothesis
# It compares files of the source tree, which an installation does not have.
NOT_INSTALLED=test_the_version_is_the_same_everywhere

declare -A tried=()
missing=()

fail() {
  echo "try_wheels: $*" >&2
  exit 1
}

mirror() {
  local found=${DEBIAN_MIRROR:-}
  if [ -z "$found" ]; then
    found=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
  fi
  [ -n "$found" ] || fail "apt knows no mirror of Debian: name one in DEBIAN_MIRROR"
  echo "$found"
}

# Everything that is mounted in between vanishes with the namespace, also when this is killed.
with_own_mounts() {
  unshare --mount --propagation private "$@"
}

make_chroot() {
  local suite=$1 root=$CHROOTS/$1 packages=$PACKAGES${2:+,$2}
  [ "$(cat "$root/.made" 2>/dev/null)" = "$packages" ] && return
  echo "making a chroot of $suite (some minutes)"
  rm -rf "$root"
  mkdir -p "$root"
  with_own_mounts debootstrap --variant=minbase --include="$packages" "$suite" "$root" \
    "$(mirror)" >"$root.log" 2>&1 || return 1
  echo "$packages" >"$root/.made"
}

# The base requirements of the workbench as wheels for that Python; fails where there is none.
requirements_for() {
  local version=$1 directory=$2
  mkdir -p "$directory"
  "$TOOLS/python" -m pip download --quiet --only-binary :all: --python-version "$version" \
    --dest "$directory" "$DIST"/accel_workbench-*.whl >"$directory/log" 2>&1
}

# What is tried on each Python, in a directory with the wheel's tests in it.
checks() {
  cat <<'CHECKS'
set -e
"$1" -c "import sys, accelerated
assert accelerated.backend() == 'native', accelerated.backend_info()
assert 'site-packages' in accelerated.__file__ or 'dist-packages' in accelerated.__file__
print('Python', sys.version.split()[0], accelerated.backend_info())"
CHECKS
  echo "\"\$1\" -m pytest -q -c /dev/null --rootdir . -p no:cacheprovider tests/accelerated -k 'not $NOT_INSTALLED'"
  if [ "$1" = with-workbench ]; then
    cat <<'CHECKS'
"$1" -c "import workbench._native"
mkdir -p audited
echo 'from sky.utils.common_utils import format_float' >audited/use.py
echo 'print(format_float(1.5))' >>audited/use.py
"$1" -m workbench audit audited --exit-zero >audited.txt
tail -n 2 audited.txt | head -n 1
CHECKS
  fi
}

# Everything that the checks need, in one directory.
prepare() {
  local version=$1 place=$2 with=with-workbench
  rm -rf "$place"
  mkdir -p "$place/tests" "$place/benchmarks" "$place/wheels"
  touch "$place/tests/__init__.py"
  cp -r tests/accelerated "$place/tests/"
  cp benchmarks/memory_growth.py "$place/benchmarks/"
  cp "$DIST"/accelerated-*.whl "$place/wheels/"
  if ! requirements_for "$version" "$place/wheels"; then
    with=without-workbench
    missing+=("the workbench on Python $version: $(grep -m 1 ERROR "$place/wheels/log")")
  fi
  checks "$with" >"$place/checks"
}

try_chroot() {
  local suite=$1 python
  for python in "$CHROOTS/$suite"/usr/bin/python3.*; do
    case ${python##*/} in *-*) ;; *) try_in_chroot "$suite" "${python##*/python}" ;; esac
  done
}

try_in_chroot() {
  local root=$CHROOTS/$1 version=$2
  echo "== Debian $1, Python $version"
  prepare "$version" "$root/srv/tried"
  cat >"$root/srv/tried/run" <<'EOF2'
cd /srv/tried
"$1" -m pip install --quiet --no-index --no-deps --force-reinstall --break-system-packages \
  --root-user-action=ignore --no-warn-script-location ./wheels/*.whl
exec sh checks "$1"
EOF2
  # shellcheck disable=SC2016 # expanded by the inner shell
  with_own_mounts sh -c '
    mount --bind "$1" "$1"  # tests that unshare mounts need a root that is one
    for tree in proc sys dev; do mount --rbind "/$tree" "$1/$tree" || exit; done
    exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
      sh /srv/tried/run "$2"' sh "$root" "python$version" || fail "Python $version of Debian $1 failed"
  tried[$version]+=" Debian $1,"
}

try_python() {
  local python=$1 name version place
  name=$("$python" -c 'import platform; print(platform.python_version())') || fail "no Python: $python"
  version=$(cut -d. -f1,2 <<<"$name")
  place=$WHEELS/python-$name
  echo "== Python $name ($python)"
  [ -x "$place/venv/bin/pytest" ] || {
    "$python" -m venv --clear "$place/venv"
    "$place/venv/bin/pip" install --quiet psutil pytest hypothesis
  }
  prepare "$version" "$place/tried"
  "$place/venv/bin/pip" install --quiet --no-index --no-deps --force-reinstall "$place/tried/wheels"/*.whl
  (cd "$place/tried" && sh checks "$place/venv/bin/python") || fail "Python $name failed"
  tried[$version]+=" $name,"
}

# The interpreters of PATH and pyenv, one for each minor version.
interpreters() {
  local minor candidate
  for minor in "${MINORS[@]}"; do
    for candidate in "python3.$minor" "${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$minor".*/bin/python; do
      if "$candidate" -c '' 2>/dev/null; then
        echo "$candidate"
        break
      fi
    done
  done
}

[ "$(id -u)" = 0 ] || fail "only root can make chroots"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
compgen -G "$DIST/*.whl" >/dev/null || fail "build/dist has no wheels: run scripts/build_wheels.py"
pythons=("$@")
[ $# -gt 0 ] || mapfile -t pythons < <(interpreters)
for entry in "${SUITES[@]}"; do
  IFS=+ read -r suite package <<<"$entry"
  if make_chroot "$suite" "$package"; then
    try_chroot "$suite"
  else
    missing+=("Debian $suite: debootstrap failed, see $CHROOTS/$suite.log")
  fi
done
for python in "${pythons[@]}"; do
  try_python "$python"
done
echo "the wheels work on:"
for minor in "${MINORS[@]}"; do
  where=${tried[3.$minor]:-}
  echo "  Python 3.$minor:${where:+${where%,}}"
  [ -n "$where" ] || missing+=("Python 3.$minor: no Debian suite of \"${SUITES[*]}\", PATH or pyenv has it")
done
for what in "${missing[@]}"; do echo "not tried: $what"; done
