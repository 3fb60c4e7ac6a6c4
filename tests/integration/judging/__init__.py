"""Judges of a finished presentation that trust ffprobe, ffmpeg, xmllint and arithmetic, never StreamForge's own code."""
