"""yakuba (役場): the open digital town hall for Japan's municipalities."""

__version__ = "0.1.0"
