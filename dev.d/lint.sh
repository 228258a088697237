# shellcheck shell=bash
# PATTERN...: our own sources.
sources() {
  local -a match=()
  local pattern
  for pattern in "$@"; do match+=(-o -name "$pattern"); done
  find src tools tests bench -type f \( "${match[@]:1}" \) ! -path '*/node_modules/*' \
    ! -path '*/third_party/*' 2>/dev/null | sort
}

# Scripts that are started; what they source is checked with them.
scripts() {
  echo dev
  echo .ci/run
  find tests bench -name node_modules -prune -o -name run -type f -exec grep -lE '^#!.*\b(ba)?sh\b' {} + 2>/dev/null || true
}

# Each of these prints what is wrong and fails if anything is.
lint_format() {
  local found
  found=$(sources '*.cc' '*.h' | xargs -r clang-format-19 --dry-run 2>&1 | grep -oE '^[^ :]+' | sort -u |
    grep -E '\.(cc|h)$' || true)
  [[ -z $found ]] || { say "not formatted; ./dev fmt does it:" && say "$found" && return 1; }
}
lint_scripts() { scripts | xargs -r shellcheck --external-sources --check-sourced; }
lint_includes() {
  nothing_matches 'an include must name the module: "store/store.h"' '#include "\.\./' '*.cc' '*.h' &&
    nothing_matches 'a header must not open a namespace for others' '^using namespace' '*.h' &&
    every_header_is_guarded
}
lint_names() {
  local bad
  bad=$(sources '*.cc' '*.h' | grep -E '(^|/|_)(utils?|common|helpers?|managers?|misc)(_|\.|/)' || true)
  [[ -z $bad ]] || { say "a name that says nothing (CONTRIBUTING.md):" && say "$bad" && return 1; }
  no_private_paths && no_giants
}

# REASON REGEX PATTERN...
nothing_matches() {
  local reason=$1 regex=$2
  shift 2
  local found
  found=$(sources "$@" | xargs -r grep -nE "$regex" || true)
  [[ -z $found ]] || { say "$reason:" && say "$found" && return 1; }
}

every_header_is_guarded() {
  local bare
  bare=$(sources '*.h' | xargs -r grep -L '^#pragma once' || true)
  [[ -z $bare ]] || { say "without #pragma once:" && say "$bare" && return 1; }
}

# What one machine knows has no place in the repository.
no_private_paths() {
  local found
  found=$(git ls-files -co --exclude-standard 2>/dev/null | grep -v '/fixtures/' |
    xargs -r -d '\n' grep -nIE '(^|[^a-z~.}])/(wor[k]|roo[t]|Users)/' 2>/dev/null || true)
  [[ -z $found ]] || { say "a path of somebody's machine:" && say "$found" && return 1; }
}

no_giants() {
  local big
  big=$(sources '*.cc' '*.h' | xargs -r wc -l |
    awk '$2 != "total" && $1 > ($2 ~ /_test\.cc$/ ? 1000 : 600) { print $2 ": " $1 " lines" }')
  [[ -z $big ]] || { say "too long to be read (600 lines, a test 1000):" && say "$big" && return 1; }
}

# A word for what decides about findings beside the sources: the rules, and the versions of what reads them.
tidy_world() {
  # shellcheck disable=SC2046  # words
  { cat .clang-tidy && dpkg-query -W -f '${Package} ${Version}\n' $(packages_for build) $(packages_for lint); } | sha256sum | cut -d ' ' -f 1
}

# With the flags and the precompiled headers of the preset asan.
lint_tidy() {
  local dir=$build/asan stamps=$cache/tidy
  need_node
  locked asan configure_preset asan || return
  locked asan quietly "Preparing clang-tidy" ninja -C "$dir" -j "$(jobs)" cc_pch_std cc_pch_net || return
  mkdir -p "$stamps"
  find "$stamps" -type f -mtime +30 -delete
  sources '*.cc' '*.h' |
    "$node" dev.d/tidy/main.mjs "$dir/compile_commands.json" "$build/tidy" "$stamps" "$(jobs)" "$(tidy_world)"
}

# The programs of dev.d have tests of their own.
lint_dev() {
  need_node
  "$node" --test --test-reporter=dot dev.d/*/*_test.mjs
}

lint() {
  local check
  need build lint
  for check in format scripts dev includes names tidy; do
    say "lint: $check"
    if "lint_$check"; then count 1 0; else count 0 1; fi
  done
}
