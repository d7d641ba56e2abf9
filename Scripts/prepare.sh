# Sourced by the scripts beside it: finds the project and installs what it needs and lacks.
#
# Sets `root`. Says what it does on standard error only and leaves standard input alone. Only the
# Swift toolchain is assumed; everything else is a Debian package.

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"

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

# What building and running the program takes. The toolchain is an archive, which does not bring
# the libraries that its own programs are linked with.
need_program() {
  need libyaml-dev /usr/include/yaml.h /usr/local/include/yaml.h
  need libsqlite3-dev /usr/include/sqlite3.h /usr/local/include/sqlite3.h
  need libpq-dev /usr/include/postgresql/libpq-fe.h /usr/include/libpq-fe.h
  need libmicrohttpd-dev /usr/include/microhttpd.h /usr/local/include/microhttpd.h
  need libsodium-dev /usr/include/sodium.h /usr/local/include/sodium.h
  need zlib1g-dev /usr/include/zlib.h /usr/local/include/zlib.h
  need tzdata /usr/share/zoneinfo/Asia/Shanghai
  need binutils ld
  need libc6-dev /usr/include/stdlib.h
  need g++ '/usr/include/c++/*/vector'
  need pkgconf pkg-config
  need libcurl4 '/usr/lib/*/libcurl.so.4'
  need libcurl4-openssl-dev '/usr/include/*/curl/curl.h' /usr/include/curl/curl.h
  need libncurses6 '/usr/lib/*/libncurses.so.6'
  need libxml2 '/usr/lib/*/libxml2.so.2'
}

# What the tests take beyond the program.
need_tests() {
  need postgresql '/usr/lib/postgresql/*/bin/initdb' initdb
  need curl curl
  need python3 /usr/bin/python3
  need python3-jsonschema /usr/lib/python3/dist-packages/jsonschema
  need python3-yaml /usr/lib/python3/dist-packages/yaml
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
    say "this machine lacks some packages; please run this as root:"
    printf '  %s\n' "apt-get update && $install" >&2
    exit 3
  fi
  say "installing ${missing[*]}"
  # In a subshell: what the package manager needs is not for the program.
  (
    export DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
    # A list that cannot be fetched need not be one that matters.
    apt-get update --quiet
    $install
  ) </dev/null >&2 || {
    say "could not install them; please run: apt-get update && $install"
    exit 3
  }
  missing=()
}

# Finds the toolchain, and a home for its caches, which a service's account may lack.
find_swift() {
  [ -w "${HOME:-}" ] || export HOME="$root/.build/home"
  command -v swift >/dev/null && return
  [ -x /opt/swift/usr/bin/swift ] && export PATH="/opt/swift/usr/bin:$PATH" && return
  say "no Swift toolchain found; see https://www.swift.org/install (6.2 or newer)"
  exit 3
}
