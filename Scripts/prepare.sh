# Sourced by the scripts beside it: finds the project and installs what it needs and lacks.
#
# Sets `root`. Says what it does on standard error only and leaves standard input alone. Only the
# Swift toolchain is assumed; everything else is a Debian package.

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"

# The package manager wants a home for its caches, which a service's environment may lack.
if [ -z "${HOME:-}" ]; then
  export HOME="$root/.build/home"
  mkdir -p "$HOME"
fi

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

# need PACKAGE FILE-OR-COMMAND… notes the package as missing unless one of the others is there.
missing=()
need() {
  local package="$1" witness
  shift
  for witness in "$@"; do
    case "$witness" in
      /*) compgen -G "$witness" >/dev/null && return ;;
      *) command -v "$witness" >/dev/null && return ;;
    esac
  done
  missing+=("$package")
}

# What building and running the program takes.
need_program() {
  need libyaml-dev /usr/include/yaml.h /usr/local/include/yaml.h
  need libsodium-dev /usr/include/sodium.h /usr/local/include/sodium.h
  need tzdata /usr/share/zoneinfo/Asia/Shanghai
  need binutils ld
  need libc6-dev /usr/include/stdlib.h
  need g++ '/usr/include/c++/*/vector'
}

# Installs what `need` found missing; without the rights to, says how and stops.
install_missing() {
  [ "${#missing[@]}" -eq 0 ] && return
  local install="apt-get install --yes --no-install-recommends ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    say "please install (these are the names of Debian's packages): ${missing[*]}"
    exit 3
  fi
  if [ "$(id -u)" -ne 0 ]; then
    say "this machine lacks some packages; please run"
    say "  sudo $install"
    exit 3
  fi
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update --quiet && $install; } </dev/null >&2 || {
    say "could not install them; please run: $install"
    exit 3
  }
  missing=()
}

find_swift() {
  command -v swift >/dev/null && return
  [ -x /opt/swift/usr/bin/swift ] && export PATH="/opt/swift/usr/bin:$PATH" && return
  say "no Swift toolchain found; see https://www.swift.org/install (6.2 or newer)"
  exit 3
}
