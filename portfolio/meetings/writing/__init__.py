"""The minutes become documents: one wording, drawn as a page, as a PDF and as a file for Word.

words   what the document says, as headings, facts, lists and tables
page    HTML: the document on its own, and what our own page shows of it
pdf     a tagged PDF, drawn from that HTML
docx    the same words in Word's own headings and tables
"""
