"""The waiting room (待合室) before what costs most: first come, first served, with an honest position.

``rule`` decides (values only), ``room`` keeps the queue in PostgreSQL, ``tickets`` is the signed number in the cookie, ``load``
is what this process measures, ``gate`` puts them together for a page.
"""
