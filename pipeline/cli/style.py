"""`pipeline style`: what the style presets ask for."""

import click

from pipeline.cli.options import Group, as_style


@click.group(cls=Group)
def style() -> None:
    """List what the style presets ask for."""


@style.command("show")
@click.argument("name", required=False, callback=as_style)
def show_style(name: str | None) -> None:
    """List what a style preset asks for, and what it leaves as it stands; without NAME, each of them.

    Only what was read in a guide goes into effect. What is only remembered of it, or has no rules here,
    is listed and changes nothing.

    \b
    Example:
      pipeline style show guardian
    """
    from pipeline import styles
    from pipeline.settings import STYLES

    click.echo("\n\n".join(styles.listing(one) for one in ([name] if name else STYLES)))
