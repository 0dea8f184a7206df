"""Names of the model as the pages write them."""

from coercivity.model.basis.names import GOODS, SECTORS
from coercivity.viz.words.names import words


def test_two_names_never_read_alike() -> None:
    told = [words(name) for name in (*GOODS, *SECTORS)]
    assert len(told) == len(set(told))
    assert all("_" not in text and text[0].isupper() for text in told)
