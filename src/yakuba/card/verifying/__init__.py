"""``yakuba verify``: anyone may see whether a file is what it says. Needs no zone and no database.

``reports`` turns each kind of verdict into one list of lines, ``kinds`` sees which kind a file is and asks its
adapter, ``command`` is the command.
"""
