#!/usr/bin/env bash
# install.sh KEEPSTEP PREFIX: copies the program KEEPSTEP into PREFIX/bin, with its manual page and its completions for
# bash, zsh and fish. install.sh --remove PREFIX: removes all of them.
set -euo pipefail

program=${1:?usage: install.sh KEEPSTEP|--remove PREFIX}
prefix=${2:?usage: install.sh KEEPSTEP|--remove PREFIX}

manual=$prefix/share/man/man1/keepstep.1
bash=$prefix/share/bash-completion/completions/keepstep
zsh=$prefix/share/zsh/site-functions/_keepstep
fish=$prefix/share/fish/vendor_completions.d/keepstep.fish

if [ "$program" = --remove ]; then
  rm -f "$prefix/bin/keepstep" "$manual" "$bash" "$zsh" "$fish"
  exit
fi

# print FILE OPTION...: what the program prints, as FILE, which everyone may read; whole or not at all.
print() {
  local file=$1
  shift
  "$program" "$@" >"$work/text"
  install -d "$(dirname "$file")"
  install -m 644 "$work/text" "$file"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install -d "$prefix/bin"
install -m 755 "$program" "$prefix/bin/keepstep"
print "$manual" --generate-manual
print "$bash" --generate-completion-script bash
print "$zsh" --generate-completion-script zsh
print "$fish" --generate-completion-script fish
