"""The filter editor: nested groups, events with parameters, and the same question as text, for any list.

A page embeds it by `context_for_editor` and the macro `filter_editor` of `lists/editor.html`, which says how.
"""

from regulars.web.lists.editor.editor import Editor, context_for_editor

__all__ = ["Editor", "context_for_editor"]
