"""Names of the model as the pages write them."""

from coercivity.model.basis.names import GOODS, SECTORS
from coercivity.viz.words.names import words


def test_names_are_written_as_people_write_them() -> None:
    told = [
        words(name) for name in ("ndpr_oxide", "magnet_smco", "ev_drivetrains", "catalysts_glass")
    ]
    assert told == [
        "NdPr oxide",
        "Samarium-cobalt magnets",
        "EV drivetrains",
        "Catalysts and glass",
    ]


def test_two_names_never_read_alike() -> None:
    told = [words(name) for name in (*GOODS, *SECTORS)]
    assert len(told) == len(set(told))
    assert all("_" not in text and text[0].isupper() for text in told)
