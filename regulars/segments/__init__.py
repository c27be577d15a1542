"""Saved questions: views of lists, segments with live members, groups by rule."""
