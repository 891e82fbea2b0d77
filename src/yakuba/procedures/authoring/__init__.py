"""Making a procedure of one's own without a programmer: documents, changes to them, differences, signed packages.

Everything here is a function of values. A *document* is what a definition file holds, as plain values.
"""
