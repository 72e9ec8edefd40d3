"""What the noun asks the database.

judging   what becomes of the rows of a list
batches   imports on their way in, earlier ones, and what they have led to
leaving   the portfolio on its way out: whole tables, and what is handed out on request
"""
