"""The commands for the owner of a class server: `coercivity rooms list | drop`."""

from __future__ import annotations

import typer

from coercivity.command_output import print_json
from coercivity.options import JsonForTable

rooms_app = typer.Typer(
    help="See the rooms of the class game on this machine, and put one away.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@rooms_app.command("list")
def rooms_list(
    as_json: JsonForTable = False,
) -> None:
    """List the rooms, whether a server runs or not: code, phase, round, seats taken, last event."""
    from coercivity.model.basis.errors import InputError
    from coercivity.viz.classroom.rooms.folder import list_rooms, rooms_folder
    from coercivity.viz.words.terminal import print_lines, print_table

    folder = rooms_folder()
    if folder.exists() and not folder.is_dir():
        raise InputError(
            "COERCIVITY_ROOMS '{folder}' is no folder",
            "name the folder that the server uses",
            folder=folder,
        )
    rooms = list_rooms(folder)
    if as_json:
        print_json([room.to_dict() for room in rooms])
        return
    if not rooms:
        print_lines([f"There are no rooms in {folder}."])
        return
    rows = [
        (
            room.code,
            room.phase,
            f"{room.round} of {room.length}" if room.length else "",
            f"{room.taken} of {room.seats}" if room.seats else "",
            room.events,
            room.last_event,
            room.problem,
        )
        for room in rooms
    ]
    print_table(
        ("code", "phase", "round", "seats taken", "events", "last event (UTC)", "problem"),
        rows,
        title=f"Rooms in {folder}",
    )


@rooms_app.command("drop")
def rooms_drop(
    code: str = typer.Argument(
        ..., metavar="CODE", help="The room's code, as `coercivity rooms list` shows it."
    ),
) -> None:
    """Put a room away: nobody can play in it any more, its journal is kept in the folder old/."""
    from coercivity.viz.classroom.rooms.folder import drop, rooms_folder
    from coercivity.viz.words.terminal import print_lines

    print_lines([drop(rooms_folder(), code)])
