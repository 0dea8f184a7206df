# Steps of a check: each has minutes that it may take, and the seconds that it took are told at the end, also after a failure.
# Read by .ci/run with `.`; `work` names a folder that is removed at the end.

now="" begun=0 told=()

fail() { printf 'CI: %s\n' "$1" >&2; exit 1; }

# run MINUTES NAME COMMAND...: the command, a function too, in a shell of its own that any failure ends
run() {
  local minutes=$1 name=$2 code=0
  now=$name begun=$SECONDS
  shift 2
  printf '\n=== %s  [%d s, at most %d min]\n' "$now" "$SECONDS" "$minutes"
  timeout --kill-after=30s "${minutes}m" bash -euo pipefail -c '"$@"' step "$@" || code=$?
  end_step
  case $code in
    0) ;;
    124 | 137) fail "took longer than its $minutes minutes: $name" ;;
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
