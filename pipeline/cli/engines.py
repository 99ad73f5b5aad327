"""`pipeline setup`, `doctor` and `stop`: the grammar engines on this machine."""

from pathlib import Path

import click

from pipeline.cli.options import Command


@click.command(cls=Command)
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Take the files from a folder instead of fetching them.",
)
@click.option("--mirror", metavar="URL", help="Fetch from this copy of Maven's repository.")
@click.option("--remove", is_flag=True, help="Remove LanguageTool again.")
def setup(folder: Path | None, mirror: str | None, remove: bool) -> None:
    """Fetch LanguageTool, so that 'clean' checks grammar with it.

    Proxies and certificates are taken from the environment (HTTPS_PROXY, REQUESTS_CA_BUNDLE).

    \b
    Example:
      pipeline setup
    """
    from pipeline.grammar import install

    if remove:
        gone = install.remove()
        click.echo(f"Removed {gone}." if gone else "LanguageTool was not set up; nothing to remove.")
        return
    megabytes = install.size() / 1e6
    where = "fetched from Maven's repository" if folder is None else f"taken from {folder}"
    files = f"{len(install.jars())} files, {megabytes:.0f} MB"
    click.echo(f"LanguageTool {install.VERSION} for English: {files}, {where}, kept in {install.home()}.")
    with click.progressbar(length=install.size(), label="LanguageTool") as bar:
        install.setup(folder, mirror=mirror, progress=lambda done, whole: bar.update(done - bar.pos))
    click.echo("Checked with a sentence that has a mistake: LanguageTool found it.")


@click.command(cls=Command)
def doctor() -> None:
    """Say what is there for checking grammar, and what is missing.

    \b
    Example:
      pipeline doctor
    """
    from pipeline.grammar import install

    for finding in install.doctor():
        click.echo(f"{finding.name}: {finding.state}")
        if finding.advice:
            click.echo(f"  {finding.advice}")


@click.command(cls=Command)
def stop() -> None:
    """End the LanguageTool server that an earlier command kept running.

    \b
    Example:
      pipeline stop
    """
    from pipeline.grammar import stop as end

    ended = end()
    click.echo(f"Ended the server at {ended.url}." if ended else "No LanguageTool server was kept running.")
