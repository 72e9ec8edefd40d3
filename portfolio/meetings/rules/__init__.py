"""When the ledningsgrupp meets, what it talks about and what comes of it."""
