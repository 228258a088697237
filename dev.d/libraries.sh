# shellcheck shell=bash
# Libraries that the portable build links in and of which Debian has no static form: made from Debian's own sources, in the
# versions of the development packages that are installed. They end in build/libraries/installed, where CMake finds them
# before Debian's.

# Debian packages of which something is in what is released: in the binary or the image, name, licence (SPDX).
linked_packages() {
  cat <<'TABLE'
binary libboost1.81-dev BSL-1.0
binary libboost-url1.81-dev BSL-1.0
binary libboost-json1.81-dev BSL-1.0
binary libcli11-dev BSD-3-Clause
binary libfmt-dev MIT
binary libgcc-12-dev GPL-3.0-or-later WITH GCC-exception-3.1
binary libsimdjson-dev Apache-2.0
binary libspdlog-dev MIT
binary libsqlite3-dev blessing
binary libsqlitecpp-dev MIT
binary libssl-dev Apache-2.0
binary libstdc++-12-dev GPL-3.0-or-later WITH GCC-exception-3.1
binary libtomlplusplus-dev MIT
binary prometheus-cpp-dev MIT
image ca-certificates MPL-2.0
image libc6 LGPL-2.1-or-later
TABLE
}

# A line a library: its development package, and what its CMake is told.
static_libraries() {
  cat <<'TABLE'
libfmt-dev -DFMT_TEST=OFF -DFMT_DOC=OFF
libspdlog-dev -DSPDLOG_FMT_EXTERNAL=ON -DSPDLOG_BUILD_EXAMPLE=OFF
libsimdjson-dev -DSIMDJSON_DEVELOPER_MODE=OFF
prometheus-cpp-dev -DENABLE_PULL=OFF -DENABLE_PUSH=OFF -DENABLE_TESTING=OFF -DENABLE_COMPRESSION=OFF
TABLE
}

readonly libraries=$build/libraries

# As our own sources are compiled (cmake/Compiler.cmake). No debug information: it is Debian's code.
library_flags() {
  local flags="-O2 -DNDEBUG -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -ffile-prefix-map=$root=."
  if [[ $(uname -m) == x86_64 ]]; then flags+=" -fcf-protection"; fi
  echo "$flags"
}

# All of them, unless those that are there were made from the same.
build_static_libraries() {
  local name options key
  key=$(libraries_key)
  if [[ $(cat "$libraries/built" 2>/dev/null) == "$key" ]]; then return; fi
  rm -rf "$libraries/installed" "$libraries/built"
  mkdir -p "$libraries"
  while read -r name options; do
    quietly "Building the static library of $name" build_static_library "$name" "$options" || return
  done < <(static_libraries)
  printf '%s' "$key" >"$libraries/built"
}

libraries_key() {
  { echo "$root" && library_flags && static_libraries && static_libraries | source_of; } | sha256sum
}

# Reads lines that begin with a development package: its source package and version.
source_of() {
  local name rest
  while read -r name rest; do dpkg-query -W -f '${source:Package} ${source:Version}\n' "$name"; done
}

# PACKAGE OPTIONS
build_static_library() {
  local dir=$libraries/$1 source version
  local -a options
  read -r -a options <<<"$2"
  read -r source version < <(source_of <<<"$1")
  rm -rf "$dir"
  mkdir -p "$dir"
  fetch_source "$source" "$version" "$dir/source" || return
  cmake -S "$dir/source" -B "$dir/build" -G Ninja -DCMAKE_BUILD_TYPE=None "-DCMAKE_CXX_FLAGS=$(library_flags)" \
    -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
    "-DCMAKE_PREFIX_PATH=$libraries/installed" "-DCMAKE_INSTALL_PREFIX=$libraries/installed" "${options[@]}" &&
    cmake --build "$dir/build" -j "$(jobs)" &&
    cmake --install "$dir/build"
}

# SOURCE VERSION FOLDER: Debian's sources, with its patches. What was fetched once is kept; apt checks its hashes again.
fetch_source() {
  local kept=$cache/sources
  mkdir -p "$kept/lists/partial"
  source_lists >"$kept/sources.list"
  (
    cd "$kept"
    if ! compgen -G "lists/*Sources*" >/dev/null || ! apt_sources --download-only source "$1=$2"; then
      apt_sources update && apt_sources --download-only source "$1=$2"
    fi
  ) && dpkg-source --no-check -x "$kept/$1_${2#*:}.dsc" "$3"
}

# The archives that this machine has its packages from.
# shellcheck disable=SC2016  # for apt-get
source_lists() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Origin: Debian' |
    sort -u | sed 's|.*|deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] & main|'
}

apt_sources() {
  apt-get -q -o Dir::Etc::SourceList="$PWD/sources.list" -o Dir::Etc::SourceParts=- \
    -o Dir::State::Lists="$PWD/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@"
}
