"""Many runs of one design: sampled points, chunks of runs into atomic Parquet parts, executors for
one machine and for clusters.
"""
