"""What other people's tools read: data package, JSON Schemas, RO-Crate, each made from what the
code declares (docs/interchange.md).
"""
