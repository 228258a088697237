# shellcheck shell=bash
# Test suites: which there are, how they are started and counted, and which run side by side.
#
# A suite is a function suite_NAME below, or a folder NAME in tests/ or in a group there, with a file `about` and either `suite.mjs`, which Node.js
# runs, or an executable `run`. `about` has these lines; all but the first may be missing:
#   what: what it shows, for ./dev help
#   when: asked        runs only when it is named, not in a plain ./dev test
#   how: alone         judges times or waits on a machine that does nothing else
#   how: busy          keeps all cores busy, so it waits for others of its kind and gives way to all others
#   builds: TARGET...  targets of the release that it needs beside the two programs
#   packages: NAME...  Debian packages that it needs
# It is handed CC_BIN (the release's programs), CC_BUILD (where it may write), CC_CACHE (where it may keep what it fetched)
# and CC_NODE. Its last line is `N passed, N failed`.

# NAME KEY
about() { sed -n "s/^$2: //p" "$(folder_of "$1")/about"; }

# NAME: its folder; fails where there is none.
folder_of() {
  local file
  for file in tests/"$1"/about tests/*/"$1"/about; do
    if [[ -f $file ]]; then echo "${file%/about}" && return; fi
  done
  return 1
}

# A line a suite: name, when, how, what.
suites() {
  local file name when how
  cat <<'TABLE'
web gate busy The dashboard: lint, types, and the unit tests of its model and its live layer
unit gate busy Unit tests with the address and undefined-behaviour sanitizers
tsan asked busy Unit tests with the thread sanitizer
lint gate busy Format, clang-tidy, includes, names and scripts
TABLE
  for file in tests/*/about tests/*/*/about; do
    name=${file%/about} name=${name##*/} when=$(about "$name" when) how=$(about "$name" how)
    echo "$name ${when:-gate} ${how:-beside} $(about "$name" what)"
  done
}

# HOW NAME...: those of the names that run this way.
suites_that_run() { suites | awk -v how="$1" -v names=" ${*:2} " '$3 == how && index(names, " " $1 " ") { print $1 }'; }

# ---- counting

passed=0
failed=0
count() {
  passed=$((passed + $1))
  failed=$((failed + $2))
}

# LOG STATUS: what the last line of a suite says.
count_closing_line() {
  local line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1) || line="0 passed, 0 failed"
  local -a words
  read -r -a words <<<"$line"
  # One that fails, or says nothing, without naming a test has failed as a whole.
  if ((words[2] == 0 && ($2 != 0 || words[0] == 0))); then words[2]=1; fi
  count "${words[0]}" "${words[2]}"
}

# A GoogleTest program says how many tests it ran in its report; one that left none (a crash) and any other program
# counts as one.
count_ctest() {
  local name verdict report tests failures
  while read -r name verdict; do
    report=$2/$name.xml tests=1 failures=0
    if [[ -f $report ]]; then
      tests=$(attribute tests "$report")
      failures=$(attribute failures "$report")
    fi
    if [[ $verdict != Passed ]] && ((failures == 0)); then failures=1; fi
    count $((tests - failures)) "$failures"
  done < <(sed -nE 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]+) [. ]*(\*\*\*)?([A-Za-z]+).*/\1 \3/p' "$1")
}

attribute() { sed -nE "s/.*<testsuites [^>]*\\b$1=\"([0-9]+)\".*/\\1/p" "$2"; }

# No report, or one without a test, is a failure.
count_vitest() {
  local ran=0 bad=1
  if [[ -f $1 ]]; then
    # shellcheck disable=SC2016  # for Node.js
    read -r ran bad < <("$node" -p 'const r = JSON.parse(fs.readFileSync(process.argv[1]));
      `${r.numPassedTests} ${r.numFailedTests + (r.success || r.numFailedTests > 0 ? 0 : 1)}`' "$1")
  fi
  if ((ran + bad == 0)); then bad=1; fi
  count "$ran" "$bad"
}

# ---- the suites

suite_unit() { test_preset asan "$@"; }
suite_tsan() { test_preset tsan "$@"; }
suite_lint() { lint; }

suite_web() {
  local check report=$build/web/vitest.json
  need_npm_packages web
  mkdir -p "$build/web" "$logs"
  for check in lint check; do
    say "web: $check"
    if npm_in web run "$check" >"$logs/web-$check.log" 2>&1; then
      count 1 0
    else
      cat "$logs/web-$check.log" && count 0 1
    fi
  done
  rm -f "$report"
  npm_in web test -- --reporter=default --reporter=json --outputFile.json="$report" "$@" || true
  count_vitest "$report"
}

# PRESET [PATTERN]: all programs that CTest knows, or those whose name matches.
test_preset() {
  local preset=$1 reports=$build/$1/reports log=$logs/ctest-$1.log
  local -a wrap=()
  build_preset "$preset" checks || { count 0 1 && return; }
  rm -rf "$reports"
  mkdir -p "$reports" "$logs"
  # The thread sanitizer of g++ 12 cannot live with the address randomisation of newer kernels.
  if [[ $preset == tsan ]] && setarch -R true 2>/dev/null; then wrap=(setarch -R); fi
  GTEST_OUTPUT="xml:$reports/" ASAN_OPTIONS=detect_stack_use_after_return=1 \
    UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS=second_deadlock_stack=1 \
    "${wrap[@]}" ctest --test-dir "$build/$preset" -j "$(jobs)" --output-on-failure \
    -R "${2:-.}" </dev/null 2>&1 | tee "$log" || true
  count_ctest "$log" "$reports"
}

# NAME...: installs and builds what these suites' folders need.
prepare_folders() {
  local name folder
  local -a packages=() builds=()
  for name in "$@"; do
    # shellcheck disable=SC2207  # words
    packages+=($(about "$name" packages)) builds+=($(about "$name" builds))
  done
  if ((${#packages[@]} > 0)); then need_packages "${packages[@]}"; fi
  need_node
  for name in "$@"; do
    folder=$(folder_of "$name")
    if [[ -f $folder/package-lock.json ]]; then need_npm_packages "$folder"; fi
  done
  build_preset release control-center gateway-sim "${builds[@]}"
}

# NAME ARGS...: the suite in the folder of that name, which is prepared.
test_folder() {
  local folder log=$logs/suite-$1.log status=0
  folder=$(folder_of "$1")
  local -a start=("$folder/run")
  shift
  mkdir -p "$logs"
  if [[ ! -x ${start[0]} ]]; then start=("$node" "$folder/suite.mjs"); fi
  CC_BIN=$build/release/bin CC_BUILD=$build CC_CACHE=$cache CC_NODE=$node "${start[@]}" "$@" </dev/null 2>&1 |
    tee "$log" || status=$?
  count_closing_line "$log" "$status"
}

# ---- running them

readonly results=$build/results

# NAME ARGS...: runs one in a shell of its own. What it counted stays in results/NAME: passed, failed, seconds, processor
# seconds.
# shellcheck disable=SC2030,SC2031  # its counts are its own
run_suite() (
  name=$1 begun=$SECONDS passed=0 failed=0
  shift
  say "==== $name: $(suites | awk -v name="$name" '$1 == name { $1 = $2 = $3 = ""; print substr($0, 4) }')"
  if declare -F "suite_$name" >/dev/null; then "suite_$name" "$@"; else test_folder "$name" "$@"; fi
  say "==== $name: $passed passed, $failed failed, $((SECONDS - begun)) s"
  printf '%s ' "$passed" "$failed" $((SECONDS - begun)) >"$results/$name"
  processor_seconds >>"$results/$name"
)

# What the processes took that this shell has waited for. `times` counts for the shell that calls it, so not in a pipe.
processor_seconds() {
  local taken=$results/times-$BASHPID
  times >"$taken"
  awk -F '[ms ]+' 'NR == 2 { printf "%d\n", ($1 + $3) * 60 + $2 + $4 }' "$taken"
  rm "$taken"
}

# NAME...: one after the other. What each says is shown as a block when it ends.
run_in_turn() {
  local name output=$logs/output
  mkdir -p "$logs"
  for name in "$@"; do
    run_suite "$name" >"$output-$name.log" 2>&1 || true
    flock "$output.lock" cat "$output-$name.log"
  done
}

# Sorts names by the seconds of an earlier run, so that the longest one does not begin last.
longest_first() {
  local name
  while read -r name; do
    echo "$(awk -v name="$name" '$1 == name { print $4 }' "$cache/suites" 2>/dev/null || true) $name"
  done | sort -rn | awk '{ print $NF }'
}

# NAME...: a few at once. They wait more than they work, so there are more of them than cores.
run_beside() {
  local name running=0 most=$(($(nproc) + 1))
  for name in "$@"; do
    if ((running == most)); then wait -n && running=$((running - 1)); fi
    run_in_turn "$name" &
    running=$((running + 1))
  done
  wait
}

# NAME...: those that wait run side by side; behind them, with what they leave of the processor, those that keep it busy; at
# last, each by itself, those that must not be disturbed. Where the release cannot be built, nothing of tests/ is run.
run_suites() {
  local name
  local -a beside busy alone folders=()
  mapfile -t beside < <(suites_that_run beside "$@" | longest_first)
  mapfile -t busy < <(suites_that_run busy "$@")
  mapfile -t alone < <(suites_that_run alone "$@")
  for name in "$@"; do
    if folder_of "$name" >/dev/null; then folders+=("$name"); fi
  done
  need build lint
  prepare_folders "${folders[@]}" || beside=() alone=()
  # Jobs of a shell like this one do not hear Ctrl-C.
  trap 'trap "" TERM; kill -TERM 0; exit 130' INT
  # Behind the others, and still fast enough for the time limits of unit tests.
  (renice -n 5 "$BASHPID" >/dev/null && run_in_turn "${busy[@]}") &
  run_beside "${beside[@]}" &
  wait
  run_in_turn "${alone[@]}"
  trap - INT
}

# NAME...: adds up what they counted, with a table of those that took longest.
# shellcheck disable=SC2031  # run_suite counts for itself
sum_up() {
  local name line
  for name in "$@"; do
    read -r line 2>/dev/null <"$results/$name" || line='0 1 0 0'
    echo "$name $line"
  done | sort -k4,4nr >"$results/table"
  if (($# > 1)); then cp "$results/table" "$cache/suites"; fi
  count "$(column_sum 2)" "$(column_sum 3)"
  if (($# > 1)); then
    awk '
      BEGIN { printf "\n%-12s %7s %7s %8s %10s\n", "suite", "passed", "failed", "seconds", "processor" }
      { printf "%-12s %7d %7d %8d %10d%s\n", $1, $2, $3, $4, $5, ($3 > 0 ? "  FAILED" : "") }' "$results/table"
    say "In all: $SECONDS seconds. $(served_by_cache)"
  fi
  say "$passed passed, $failed failed"
  ((failed == 0 && passed > 0))
}

# A fresh clone that has to compile what another has compiled would only be slow, and nobody would know.
served_by_cache() {
  [[ -f $logs/ccache ]] || return 0
  awk '/_cache_hit$/ && !/storage/ { hits++ } /^cache_miss$/ { misses++ }
    END { printf "The cache served %d of %d compilations.", hits, hits + misses }' "$logs/ccache"
}

column_sum() { awk -v column="$1" '{ sum += $column } END { print sum + 0 }' "$results/table"; }

gating_suites() { suites | awk '$2 == "gate" { print $1 }' | xargs; }

# NAMES: in one word.
test_all() {
  local -a names
  read -r -a names <<<"$1"
  rm -rf "$results" "$logs/ccache" && mkdir -p "$results" "$logs"
  CCACHE_STATSLOG=$logs/ccache run_suites "${names[@]}"
  sum_up "${names[@]}"
}

# SUITE ARGS...: says what it says at once.
test_one() {
  local name=$1 known
  known=$(suites | awk '{ print $1 }' | xargs)
  [[ " $known " == *" $name "* ]] || die "unknown suite '$name'; there are: $known"
  rm -rf "$results" && mkdir -p "$results"
  if folder_of "$name" >/dev/null; then prepare_folders "$name" || true; fi
  run_suite "$@" || true
  sum_up "$name"
}
