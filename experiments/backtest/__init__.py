"""The model's bands beside the record, in the sample and out of it, against reckonings without a
model.
"""
