"""The WSGI application that granian (or any other WSGI server) serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.config.settings")

application = get_wsgi_application()

# What is loaded by now stays for ever. Left to the collector, it would be walked through every few pages (20 ms).
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
