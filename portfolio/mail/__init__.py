"""One message by e-mail: built, and handed over to a mail server or a folder."""
