# shellcheck shell=bash
# Programs of tests/browser that are no suites: they drive the dashboard in Chromium.

# NAME ARGS...: tests/browser/NAME.mjs
in_browser() {
  local name=$1
  shift
  prepare_folders browser || exit 1
  CC_BIN=$build/release/bin CC_BUILD=$build "$node" "tests/browser/$name.mjs" "$@"
}
