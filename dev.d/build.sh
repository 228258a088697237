# shellcheck shell=bash
# The dashboard, and the build of a preset.

# What the built dashboard depends on, as one word.
dashboard_key() {
  {
    find web -type f ! -path 'web/node_modules/*' ! -path 'web/dist/*' ! -path web/src/api/schema.ts
    echo src/api/openapi.json
    echo src/api/precompress.mjs
  } | sort | xargs -d '\n' sha256sum | sha256sum
}

# Makes web/dist, which the binary embeds, unless it is there and nothing it is made of has changed.
build_dashboard() {
  local key stamp=$build/web/built
  key=$(dashboard_key)
  if [[ -f web/dist/index.html && $(cat "$stamp" 2>/dev/null) == "$key" ]]; then return; fi
  need_npm_packages web
  mkdir -p "$build/web"
  rm -f "$stamp"
  quietly "Building the dashboard" npm_in web run build || return
  "$node" src/api/precompress.mjs web/dist || return
  printf '%s' "$key" >"$stamp"
}

# As many compilers as there are cores, and no more than fit into memory: Asio and Beast take a lot.
jobs() {
  local cores gigabytes
  cores=$(nproc)
  gigabytes=$(awk '/^MemTotal/ { print int($2 / 1000000 / 1.5) }' /proc/meminfo)
  echo $((gigabytes < 1 ? 1 : gigabytes < cores ? gigabytes : cores))
}

# DIR COMMAND...: configures DIR anew when the command or the presets are not those of the last time. Changes of a
# CMakeLists.txt are ninja's business.
configure() {
  local dir=$1 key
  shift
  key="$(sha256sum CMakePresets.json) $root $*"
  if [[ -f $dir/build.ninja && $(cat "$dir/configured" 2>/dev/null) == "$key" ]]; then return; fi
  quietly "Configuring ${dir#"$root"/}" "$@" || return
  printf '%s' "$key" >"$dir/configured"
}

# PRESET COMMAND...: one at a time in build/PRESET.
locked() {
  local lock=$build/lock-$1
  shift
  mkdir -p "$build"
  {
    flock -n 9 || { say "Another ./dev builds here; waiting for it" && flock 9; }
    "$@" 9>&-
  } 9>"$lock"
}

# PRESET [TARGET...]
build_preset() {
  case $1 in
    release | debug | tsan) need build ;;
    asan) need build clang ;;
    portable) need build sources && build_static_libraries || return ;;
    *) die "unknown preset '$1'; there are: release portable debug asan tsan" ;;
  esac
  locked "$1" compile "$@"
}

compile() {
  local preset=$1
  # Tests do without; what is served has it.
  if [[ $preset == release || $preset == portable ]]; then build_dashboard || return; fi
  configure_preset "$preset" || return
  say "Building $preset"
  ninja -C "$build/$preset" -j "$(jobs)" "${@:2}" | show_steps
}

configure_preset() {
  local -a more=(-D CC_PCH_HOME="$cache/pch")
  # Of what is released, nothing lies in a user's folder.
  if [[ $1 == portable ]]; then more=(-D CC_VERSION="$(release_version)"); fi
  mkdir -p "$build/$1" "$cache/pch"
  # Whoever empties the cache takes sources of this build with it.
  [[ -n $(ls -A "$cache/pch") ]] || rm -f "$build/$1/configured"
  configure "$build/$1" cmake --fresh --preset "$1" "${more[@]}"
}

# NAME...: these programs of the release, built.
need_programs() {
  local name
  build_preset release "$@" || exit 1
  for name in "$@"; do
    [[ -x $build/release/bin/$name ]] || die "the build made no $name"
  done
}
