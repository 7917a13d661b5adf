"""The web server: gunicorn, one process, threads for requests that wait for the database, and none for slow clients.

1. One loop accepts connections and gathers requests without blocking. A request gets a thread once its header is here,
   and its body too where that is small. What takes too long is answered 408, what is too large 413 or 431.
2. The app answers a request with a large body while the body still stands in the socket: most answers are «no», and
   nothing of it is read. If it says yes (`shared.web.awaited_body`), one of a few threads of their own reads the body
   to a file on disk, under a least rate, and the request is run again with it.
3. An answer goes out as fast as the client reads. What it does not read at once waits beside the thread, and the loop
   sends it, under a least rate as well.
4. The number of connections is bounded, in all and of one address. When all places are taken, a connection that waits
   for its client makes room, the longest waiting first: an honest request is there within milliseconds.

Behind a proxy every connection comes from the proxy's address, so only the bound in all counts there; the proxy keeps
the other (`deploy/gateway`).
"""

from shared.web.server.process import Server

__all__ = ["Server"]
