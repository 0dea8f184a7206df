"""The net under every change: what shipped scenarios gave when they were last blessed, and a
command that explains a difference (`python -m tests.golden`).
"""
