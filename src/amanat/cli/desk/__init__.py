"""Commands of the desk: demo, serve, worker, backup, restore. Django is imported only when one of them is called."""

from __future__ import annotations

import os
from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="On 127.0.0.1; 0: any.")
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and make it anew.")
def demo(port: int, fresh: bool) -> None:
    """Open the desk with three made-up governments, on this machine alone. Ctrl-C stops it.

    The data stay in ./.amanat-demo (or in the folder AMANAT_DATA), so a second start takes a moment.

    \b
    Example:
      amanat demo
      amanat demo --fresh --port 8080
    """
    from amanat.cli.desk import demonstration, serving, working

    listening = serving.listen("127.0.0.1", port, cure=f"choose another: amanat demo --port {port + 1}")
    folder = Path(os.environ.get("AMANAT_DATA") or ".amanat-demo").absolute()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    with demonstration.opened(folder, fresh, url) as notes, working.running_beside(every=15):
        serving.run(listening, quietly=True, ready=lambda: demonstration.announce(url, folder, notes))


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="HOST:PORT, or unix:/folder/socket.")
@click.option("--workers", type=click.IntRange(1, 256), default=None, help="Processes. Default: one for each CPU.")
@click.option("--no-migrate", is_flag=True, help="Leave the tables as they are (another server migrates them).")
def serve(bind: str, workers: int | None, no_migrate: bool) -> None:
    """Serve the desk behind a web server that ends HTTPS. Settings come from the environment: docs/running.md.

    \b
    Example:
      amanat serve --bind 127.0.0.1:8000
      amanat serve --bind unix:/run/amanat/socket --workers 4
    """
    from amanat.cli.desk import serving

    serving.set_up()
    listening = serving.place(bind)
    with serving.in_use():
        serving.make_ready(migrate=not no_migrate)
        serving.run(listening, workers=workers or len(os.sched_getaffinity(0)))


@click.command()
@click.option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    default=60,
    show_default=True,
    help="Seconds from one round to the next.",
)
@click.option("--once", is_flag=True, help="Do everything that is due, and end.")
@click.option("--beside", type=int, default=None, hidden=True, help="End with the process of this number.")
def worker(every: float, once: bool, beside: int | None) -> None:
    """Do everything timed and queued: reminders, expiry, escalation, mail. Run one beside the server, or several.

    It may be stopped and killed at any time: nothing is lost by it, and nothing done twice.

    \b
    Example:
      amanat worker
      amanat worker --once
    """
    from amanat.cli.desk import serving, working

    serving.set_up()
    working.run(every=every, once=once, beside=beside)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def backup(file: Path, force: bool) -> None:
    """Write the database and every file of the desk into one tar archive. The desk may run meanwhile.

    \b
    Example:
      amanat backup /backup/amanat-2026-01-31.tar
    """
    from amanat.cli.desk import keeping, serving

    serving.set_up()
    click.echo(f"{file}: {keeping.backup(file, force=force)}")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Put it in the place of what is there; that is set aside.")
def restore(file: Path, force: bool) -> None:
    """Put a backup in place, once every sum in it has been found right. The desk must not run.

    \b
    Example:
      amanat restore /backup/amanat-2026-01-31.tar
    """
    from amanat.cli.desk import keeping, serving

    serving.set_up()
    click.echo(f"{file}: {keeping.restore(file, force=force)}")


COMMANDS = {"backup": backup, "demo": demo, "restore": restore, "serve": serve, "worker": worker}
