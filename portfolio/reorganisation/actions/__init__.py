"""Change the organisation from a week on: always allowed, and the load follows from that week at once.

The impacts stay where they are when units are merged or moved: the tree of the kernel leads them on from the week of
the change. When a unit is split each initiative is given to the new units; before the week these lead back to the old
one. Names, places and persons are brought in step when the week has come (`carry_out`).

deciding      a change is decided, once it is `possible`
rehearsing    what it would come to
carrying_out  its week has come
undoing       it is taken back before that
leading       impacts go to the units in the place of others
"""
