"""The texts of messages: Liquid, strict and bounded.

``language`` says which tags and filters there are and what a template may cost, ``compiled`` makes templates
of texts and fills them, ``subset`` tells which of them a phone can fill by itself. Rendering is a function of
text and values alone: no clock, no randomness, no files.
"""

from herenow.templates.compiled import Template, TemplateFailed, WrongTemplate, compiled, rendered
from herenow.templates.subset import beyond_device

__all__ = ["Template", "TemplateFailed", "WrongTemplate", "beyond_device", "compiled", "rendered"]
