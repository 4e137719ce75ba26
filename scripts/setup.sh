#!/usr/bin/env bash
# setup.sh build|demo|test|portability|fuzz: finds out what is missing on this machine and installs it through apt.
#
# Says nothing but one line when all is there. On a system without apt it names what to install and stops.
set -euo pipefail

purpose=${1:?usage: setup.sh build|demo|test|portability|fuzz}
missing=()  # Debian packages

# need PACKAGE WHY PROBE...: notes the package and says why, unless the probe succeeds.
need() {
  local package=$1 why=$2
  shift 2
  "$@" >/dev/null 2>&1 && return
  missing+=("$package")
  echo "setup: $package is missing: $why" >&2
}

check_swift() {
  local advice="install a Swift 6.3 toolchain or a newer one: https://www.swift.org/install/linux"
  local version
  if ! command -v swift >/dev/null; then
    echo "setup: there is no swift in PATH; $advice" >&2
    exit 1
  fi
  if ! version=$(swift --version 2>&1); then
    printf 'setup: swift does not start; its page lists the packages it needs: https://www.swift.org/install/linux\n%s\n' \
      "$version" >&2
    exit 1
  fi
  version=$(sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' <<<"$version" | head -n 1)
  if [ "$(printf '%s\n' 6.3 "${version:-0}" | sort -V | head -n 1)" != 6.3 ]; then
    echo "setup: swift is version ${version:-unknown}, and Keepstep needs 6.3; $advice" >&2
    exit 1
  fi
}

# Runs a command as root.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "setup: neither root nor sudo is at hand; have an administrator run: apt-get install ${missing[*]}" >&2
    exit 1
  fi
}

install_missing() {
  if ! command -v apt-get >/dev/null; then
    echo "setup: this is not a Debian-like system; install what these Debian packages hold, then try again:" >&2
    echo "  ${missing[*]}" >&2
    exit 1
  fi
  local by=
  [ "$(id -u)" = 0 ] || by=" with sudo"
  echo "setup: installing through apt$by: ${missing[*]}" >&2
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
  as_root "${apt[@]}" update </dev/null >&2
  as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}

check_swift

need pkg-config "the build finds libraries with it" command -v pkg-config
need libsqlite3-dev "the store is SQLite" pkg-config --exists sqlite3
need libarchive-dev ".npz files are zip files" pkg-config --exists libarchive
need zlib1g-dev "data may be packed by gzip" pkg-config --exists zlib
if [ "$purpose" = demo ] || [ "$purpose" = test ]; then
  need gnuplot-nox "keepstep plot draws with gnuplot" gnuplot --version
  need sqlite3 "the store is shown from outside" command -v sqlite3
fi
if [ "$purpose" = test ]; then
  need python3-numpy "tests read the store with Python" /usr/bin/python3 -c "import sqlite3, numpy"
  need git "tests apply patches with it" command -v git
  need util-linux "tests take rights and memory away from a training" command -v setpriv
fi

if [ "$purpose" = portability ]; then
  need gcc-aarch64-linux-gnu "it links the kernels for aarch64" command -v aarch64-linux-gnu-gcc
  need libc6-dev-arm64-cross "its programs for aarch64 use the C library" test -e /usr/aarch64-linux-gnu/include/stdio.h
  need qemu-user "it runs the kernels on other processors" command -v qemu-aarch64
fi

if [ ${#missing[@]} -gt 0 ]; then
  install_missing
fi
echo "setup: all that \`make $purpose\` needs is there" >&2
