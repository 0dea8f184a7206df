"""Mutation run: do the tests notice when a line of the project is wrong? `make mutants [SAMPLE=200]
[SEED=1] [ROOMS="agents model"] [JOBS=1]`.

A seeded sample of small changes (mutants), as many from each room, is tried one by one on a copy of
the project; a mutant that no test notices survives.

- `sites`  where something can be changed and to what, with the operators of cosmic-ray. Left out
  are what no test can tell: annotations, the words of messages, the looks of drawings (width,
  colour, size), and guards that only speak up when something else is wrong already (`strict=True`,
  `frozen=True`) or only save time (caches). cosmic-ray leaves augmented assignments (`x += y`),
  strings, slices without numbers and calls as they are.
- `cover`  which tests run which line, kept by test file in runs/mutants/cover until the file or the
  code changes; browser tests and slow ones are not asked.
- `trial`  one mutant: the tests that run its line, the nearest and quickest first, until one fails
  or half a minute of tests has passed. A mutant that only a test beyond that would notice counts as
  survived, so the share that is noticed is a lower bound.
- `tree`   copies of the project, and processes forked after the libraries are loaded.
- `equivalent.yaml`  mutants that change nothing, each with the reason; counted apart.

cosmic-ray's own sessions have one command for all mutants; here a mutant is tried by the few tests
that run its line, in seconds in place of minutes. mutmut names mutants by the path of their file,
which the mapped folders of this project do not have in common with its modules.
"""
