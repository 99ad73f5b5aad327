"""What goes wrong in a way that the person at the keyboard can mend."""


class PipelineError(Exception):
    """Says what is wrong, where, and what to do; the command line prints it and exits with 2."""
