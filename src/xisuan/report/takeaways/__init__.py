"""Takeaways: the brief of a run as a Word document, as eight slides and as a PDF."""
