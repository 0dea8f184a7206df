#!/bin/sh
# Installs a SLURM for the cluster tests from Debian packages, where it is absent and we are root; else says how. Never fails: without it the tests skip and say why.
PATH="$PATH:/usr/sbin:/sbin"
for program in sbatch slurmctld slurmd munged; do
  command -v "$program" >/dev/null || missing="$missing $program"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "Installing slurm-wlm and munge (missing:$missing) ..."
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge; } >/dev/null 2>&1 ||
    echo "They could not be installed; the cluster tests will say so."
else
  echo "No SLURM here (missing:$missing). On Debian: sudo apt-get install slurm-wlm munge"
fi
