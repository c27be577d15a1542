"""How static files are named and found."""

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statics(CompressedManifestStaticFilesStorage):
    """Hashed names once files are collected (`regulars up` does it); plain names in tests and development."""

    manifest_strict = False
    support_js_module_import_aggregation = True

    def url(self, name: str, force: bool = False) -> str:
        if not self.hashed_files:
            return f"{settings.STATIC_URL}{name}"
        return super().url(name, force)
