"""Mutation run: do the tests notice when a line of the project is wrong? `make mutants [SAMPLE=200] [SEED=1] [ROOMS="agents model"] [JOBS=1]`.

A seeded sample of small changes (mutants), as many from each room, is tried one by one on a copy of the project; a mutant that no test notices survives.

- `sites`  where something can be changed and to what, with the operators of cosmic-ray. Left out are what no test can tell: annotations, texts, and guards
  that only speak up when something else is wrong already (`strict=True`, `frozen=True`) or only save time (caches).
- `cover`  which tests run which line, kept by test file in runs/mutants/cover until the file or the code changes.
- `trial`  one mutant: the tests that run its line, the nearest and quickest first, in a process forked after the libraries are loaded.
- `equivalent.yaml`  mutants that change nothing, each with the reason; counted apart.

cosmic-ray's own sessions have one command for all mutants; here a mutant is tried by the few tests that run its line, in seconds in place of minutes.
"""
