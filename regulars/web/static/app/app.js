// The browser's half of the pages. Every module finds its work by data- attributes, listens on the document and so
// keeps working after htmx has swapped parts of the page.

import "./requests.js";
import "./theme.js";
import "./nav.js";
import "./menus.js";
import "./tabs.js";
import "./dialogs.js";
import "./toasts.js";
import "./search.js";
import "./list.js";
import "./lists.js";
import "./duplicates.js";
import "./editor.js";
import "./completion.js";
import "./mentions.js";
import "./places.js";
import "./contacts.js";
import "./forms.js";
import "./uploads.js";
import "./selects.js";
import "./sorting.js";
import "./board.js";
import "./tasks.js";
import "./passkeys.js";
import "./state.js";
