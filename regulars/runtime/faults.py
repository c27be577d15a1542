"""What can go wrong with the machine around us, in a sentence its owner can act on."""


class RuntimeFault(Exception):
    """The environment, the database server or a process is not as we need it.

    The text is one or two sentences for the person who runs the installation: what was
    found, and what to do about it. Commands print it and end with exit code 2.
    """
