"""Change who there is, what they may do and who is signed in.

`now` is the product's time in everything that is recorded, and the machine's (`real_now`) in what has to do
with sessions, invitations and attempts to sign in: no demo calendar may lengthen those.

persons      who there is, their role, unit and letters
absences     when somebody is away
invitations  one-time links with which a password is chosen
sessions     sign in, sign out, attempts
tokens       other systems
"""
