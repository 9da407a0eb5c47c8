"""The texts of messages: Liquid, strict and bounded.

``language`` says which tags and filters there are and what a template may cost, ``compiled`` makes templates
of texts and fills them. Rendering is a function of text and values alone: no clock, no randomness, no files.
"""

from herenow.templates.compiled import Template, TemplateFailed, WrongTemplate, compiled, rendered

__all__ = ["Template", "TemplateFailed", "WrongTemplate", "compiled", "rendered"]
