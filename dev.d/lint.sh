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

# One line a source: the source, and the hashes of all that decides what clang-tidy says about it: itself, the
# headers of ours that it reaches, the rules.
tidy_keys() {
  local rules
  rules=$(sha256sum .clang-tidy | cut -c1-16)-$(clang-tidy-19 --version | md5sum | cut -c1-8)
  {
    sources '*.cc' '*.h' | xargs -r sha256sum | awk '{ print "hash", $2, substr($1, 1, 16) }'
    sources '*.cc' '*.h' | xargs -r grep -HoE '^ *# *include "[^"]+"' |
      sed -E 's/^([^:]+):.*"([^"]+)"/include \1 \2/'
  } | awk -v rules="$rules" '
    $1 == "hash" { hash[$2] = $3; next }
    { edges[$2] = edges[$2] " " $3 }
    function resolve(from, name,   dir, i) {
      dir = from; sub(/[^\/]*$/, "", dir)
      split("src/ tools/ tests/ bench/ " dir, places, " ")
      for (i = 1; i <= 5; i++) if ((places[i] name) in hash) return places[i] name
      return ""
    }
    function reach(file,   names, n, i, next_file) {
      if (file == "" || seen[file] == root) return
      seen[file] = root; key = key " " hash[file]
      n = split(edges[file], names, " ")
      for (i = 1; i <= n; i++) { next_file = resolve(file, names[i]); reach(next_file) }
    }
    END {
      for (file in hash) if (file ~ /\.cc$/) { root = file; key = rules; reach(file); print file, key }
    }' | sort
}

# SOURCE KEY...: runs clang-tidy unless it had nothing to say about the very same before.
tidy_one() {
  local source=$1 key=$2 stamp checks='' out
  say "clang-tidy $source"
  stamp=$build/tidy/stamps/${source//\//,}
  # What is not asked of tests and of files with Asio in them; .clang-tidy says why.
  if grep -qxF "$source" "$build/tidy/asio"; then checks='-clang-analyzer-*'; fi
  if [[ $source == *_test.cc ]]; then
    checks='-clang-analyzer-*,-cppcoreguidelines-avoid-capturing-lambda-coroutines'
  fi
  out=$(clang-tidy-19 -p "$build/tidy" --quiet --checks="$checks" "$source" 2>/dev/null) ||
    { say "$out" && return 1; }
  printf '%s' "$key" >"$stamp"
}

# Sources whose key is not that of their stamp, as SOURCE<NUL>KEY<NUL>.
stale_sources() {
  local source key
  while read -r source key; do
    if [[ $(cat "$build/tidy/stamps/${source//\//,}" 2>/dev/null) != "$key" ]]; then
      printf '%s\0%s\0' "$source" "$key"
    fi
  done < <(join <(tidy_keys) <(compiled .))
}

# clang-tidy wants the flags of clang, and its own precompiled headers.
configure_tidy() {
  mkdir -p "$build/tidy"
  locked tidy configure "$build/tidy" cmake --fresh -S . -B "$build/tidy" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCC_FUZZ=ON || return
  quietly "Preparing clang-tidy" ninja -C "$build/tidy" -j "$(jobs)" cc_pch_std cc_pch_net
}

# Sources that no target compiles are dead, and clang-tidy would not know their flags.
every_source_is_built() {
  local unbuilt
  unbuilt=$(comm -23 <(sources '*.cc') <(compiled .))
  [[ -z $unbuilt ]] || { say "no target builds:" && say "$unbuilt" && return 1; }
}

# REGEX: the sources whose compile command matches.
compiled() {
  awk -v regex="$1" -v root="$root/" '
    /"command":/ { matches = $0 ~ regex }
    /"file":/ && matches { split($0, part, "\""); sub(root, "", part[4]); print part[4] }
  ' "$build/tidy/compile_commands.json" | sort -u
}

lint_tidy() {
  local stale=$build/tidy/stale status=0
  configure_tidy || return
  every_source_is_built || status=1
  mkdir -p "$build/tidy/stamps"
  compiled cc_pch_net >"$build/tidy/asio"
  stale_sources >"$stale"
  if [[ ! -s $stale ]]; then return "$status"; fi
  export -f tidy_one say
  export build
  # shellcheck disable=SC2016  # for the shell that xargs starts
  xargs -0 -n 2 -P "$(jobs)" bash -c 'tidy_one "$@"' tidy <"$stale" && return "$status"
}

lint() {
  local check
  need build lint
  for check in format scripts includes names tidy; do
    say "lint: $check"
    if "lint_$check"; then count 1 0; else count 0 1; fi
  done
}
