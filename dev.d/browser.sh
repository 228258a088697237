# shellcheck shell=bash
# Programs of tests/product/browser that are no suites: they drive the dashboard in Chromium.

# NAME ARGS...: tests/product/browser/NAME.mjs
in_browser() {
  local name=$1
  shift
  prepare_folders browser || exit 1
  CC_BIN=$build/release/bin CC_BUILD=$build "$node" "tests/product/browser/$name.mjs" "$@"
}
