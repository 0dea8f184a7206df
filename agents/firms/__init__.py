"""Firms: what miners, processors, makers and end users decide, and what they decide alike as
buyers, sellers and investors.
"""
