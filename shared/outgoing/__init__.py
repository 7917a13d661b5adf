"""Every request that Guestloop makes of somebody else passes here; nothing else opens an HTTP connection.

`client` asks and hands back an answer within bounds; `adapter` puts the same bounds under a session of `requests`, for
libraries that bring their own; `inside` asks the processes of this installation. What is allowed is in `reach`.

Whatever is asked for: one deadline covers the whole exchange, the answer may be so long and no longer, no redirect is
followed, no proxy of the environment is used, and a name is resolved once: the connection goes to the address that was
checked, so that no second answer of a name server leads it into the house.
"""
