# Steps of a check. They share the minutes of `budget`, and what each took is told at the end, also after a failure.
# Read by .ci/run with `.`; `work` names a folder that is removed at the end.

now="" begun=0 told=()

fail() { printf 'CI: %s\n' "$1" >&2; exit 1; }

# run NAME COMMAND...: the command, a function too, in a shell of its own that any failure ends
run() {
  local name=$1 code=0 left=$((budget * 60 - SECONDS))
  now=$name begun=$SECONDS
  shift
  [ "$left" -gt 0 ] || fail "no time of $budget minutes is left for: $name"
  printf '\n=== %s  [%d s, %d left]\n' "$now" "$SECONDS" "$left"
  timeout --foreground --kill-after=30s "${left}s" bash -euo pipefail -c '"$@"' step "$@" || code=$?
  end_step
  case $code in
    0) ;;
    124 | 137) fail "the $budget minutes of all steps ended in: $name" ;;
    *) fail "failed with exit code $code: $name" ;;
  esac
}

end_step() {
  told+=("$(printf '%6d s  %s' $((SECONDS - begun)) "$now")")
  now=""
}

at_end() {
  [ -z "$now" ] || end_step
  printf '\nWall time of each step:\n'
  [ ${#told[@]} -eq 0 ] || printf '%s\n' "${told[@]}"
  printf '%6d s  in all\n' "$SECONDS"
  rm -rf "${work:?}"
}
trap at_end EXIT
