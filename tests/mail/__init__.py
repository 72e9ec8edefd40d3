"""One message by e-mail: how it is built, and what becomes of it at a mail server that misbehaves."""
