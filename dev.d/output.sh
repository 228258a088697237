# shellcheck shell=bash
# What ./dev says, and commands that run without a word unless they fail.

say() { printf '%s\n' "$*"; }
die() {
  printf './dev: %s\n' "$*" >&2
  exit 1
}
on_terminal() { [[ -t 1 && -z ${CI:-} && ${TERM:-dumb} != dumb ]]; }

# LABEL LOG PID: one line that moves while PID runs, with the latest line of its output.
show_progress() {
  local label=$1 log=$2 pid=$3 begun=$SECONDS latest
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    latest=$(tail -n 1 "$log" 2>/dev/null | tr -cd '[:print:]')
    printf '\r\033[K%s %ds  %.*s' "$label" $((SECONDS - begun)) 60 "$latest"
  done
  printf '\r\033[K'
}

# LABEL COMMAND...: runs it without its output, which is shown only if it fails.
quietly() {
  local label=$1 log pid status=0 begun=$SECONDS
  shift
  log=$logs/${label%% *}-$BASHPID.log
  mkdir -p "$logs"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM
  if on_terminal; then show_progress "$label" "$log" "$pid"; else say "$label"; fi
  wait "$pid" || status=$?
  trap - INT TERM
  if ((status != 0)); then
    tail -n 40 "$log" >&2
    say "$label: failed; all of its output is in ${log#"$root"/}" >&2
    return "$status"
  fi
  rm -f "$log"
  if ((SECONDS - begun > 1)); then say "$label: $((SECONDS - begun)) s"; fi
}

# SECONDS: "40 s" or "7 min".
duration() { if (($1 < 90)); then echo "$1 s"; else echo "$((($1 + 30) / 60)) min"; fi; }

# Reads what ninja says. Its steps become one line that moves, with a count and the time that the rest will take if it goes
# on as until now; without a terminal, a line every tenth of the steps. Everything else, such as errors, passes through.
show_steps() {
  local line step total last=0 begun=$SECONDS
  while IFS= read -r line; do
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (.*) ]]; then
      step=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
      show_step "${BASH_REMATCH[3]}"
    else
      if on_terminal; then printf '\r\033[K'; fi
      say "$line"
    fi
  done
  if on_terminal; then printf '\r\033[K'; fi
}

# WHAT: shares step, total, last and begun with show_steps.
show_step() {
  local left=''
  if ((step > 2 && step < total)); then left=", about $(duration $(((SECONDS - begun) * (total - step) / step))) left"; fi
  if on_terminal; then
    printf '\r\033[K  %d of %d%s  %.*s' "$step" "$total" "$left" 50 "${1##*/}"
  elif ((step == total || (step - last) * 10 >= total)); then
    say "  $step of $total$left" && last=$step
  fi
}
