"""Studies as one asks for them in a notebook or on a node: sweep, sensitivity, claims, backtest,
calibration, and the tables that ship. Each is one call that returns frames.

The front door hands these functions out (`coercivity.sweep`), and the command line calls the same;
nothing here prints or exits.
"""
