"""How far a judge agrees with people, beside how far people agree among themselves."""
