"""The rules of förändringskoncept.

likeness   which earlier initiatives and concepts are like something that is being written
strength   how much strength a concept takes: as long and as heavy as it turned out, by who leads and who receives
reuse      where a concept comes from, and what counts as a re-use of it
sheet      a concept on one page, to print and to send
"""
