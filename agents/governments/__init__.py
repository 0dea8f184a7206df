"""Governments: what they see, weigh and choose, as senders, targets and allies; their licensing
office and their supply policy.
"""
