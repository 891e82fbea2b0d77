"""The counter at which nobody has to write (書かない窓口): read the card, fill from the registers, the resident signs."""
