# Made by bindings/python/generate_stubs.py; do not edit.
from . import media as media, pipeline as pipeline
