"""The command for a teacher: `coercivity lesson 90 --language de` writes the plan, the printed
sheets and the slides of a lesson.
"""

from __future__ import annotations

import typer


def lesson(
    minutes: str = typer.Argument(..., help="30, 90 or 180."),
    language: str = typer.Option("en", "--language", metavar="CODE", help="en, de or ja."),
    out: str | None = typer.Option(
        None, "--out", metavar="FOLDER", help="Where to write; lesson-90-de here without it."
    ),
) -> None:
    """Write a lesson's plan (PDF), sheets to print (PDF) and slides (PPTX)."""
    from pathlib import Path

    from coercivity.model.basis.errors import InputError, unknown_value_error
    from coercivity.model.basis.extras import PACKAGES, require_packages
    from coercivity.model.basis.inputs import path_of

    require_packages(PACKAGES["app"], "app", "a lesson")
    from coercivity.viz.classroom.lessons.kit import kit
    from coercivity.viz.classroom.lessons.texts import known_lesson
    from coercivity.viz.words.language import languages
    from coercivity.viz.words.terminal import print_lines

    known_lesson(minutes)
    if language not in languages():
        raise unknown_value_error("language", language, languages())
    folder = path_of(out, "--out") if out is not None else Path(f"lesson-{minutes}-{language}")
    made = dict(kit(minutes, language))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in made.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise InputError(
            "--out '{folder}' cannot be written ({reason})",
            "choose a folder where you may write",
            folder=folder,
            reason=error.strerror,
        ) from None
    print_lines([f"Wrote {', '.join(made)} into {folder}"])
