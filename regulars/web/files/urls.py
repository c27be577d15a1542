"""Addresses of imports and exports, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.files import check, columns, downloads, exporting, exports, listing, mappings, report, upload

urlpatterns = [
    path("files/", listing.files, name="files"),
    path("files/import/customers/", upload.upload, {"kind": "customers"}, name="import_customers"),
    path("files/import/orders/", upload.upload, {"kind": "orders"}, name="import_orders"),
    path("files/import/products/", upload.upload, {"kind": "products"}, name="import_products"),
    path("files/import/activity/", upload.upload, {"kind": "activity"}, name="import_activity"),
    path("files/import/notes/", upload.upload, {"kind": "notes"}, name="import_notes"),
    path("files/import/consents/", upload.upload, {"kind": "consents"}, name="import_consents"),
    path("files/imports/<int:pk>/", report.import_run, name="import_run"),
    path("files/imports/<int:pk>/columns/", columns.columns, name="import_columns"),
    path("files/imports/<int:pk>/check/", check.check, name="import_check"),
    path("files/imports/<int:pk>/start", check.import_start, name="import_start"),
    path("files/imports/<int:pk>/discard", check.import_discard, name="import_discard"),
    path("files/imports/<int:pk>/cancel", report.import_cancel, name="import_cancel"),
    path("files/imports/<int:pk>/pause", report.import_pause, name="import_pause"),
    path("files/imports/<int:pk>/resume", report.import_resume, name="import_resume"),
    path("files/mappings/", mappings.mappings, name="import_mappings"),
    path("files/mappings/<int:pk>/rename", mappings.mapping_rename, name="import_mapping_rename"),
    path("files/mappings/<int:pk>/delete", mappings.mapping_delete, name="import_mapping_delete"),
    path("files/imports/<int:pk>/rejected.csv", downloads.rejected, name="import_rejected"),
    path("files/exports/", exports.exports, name="exports"),
    path("files/exports/<int:pk>/", exports.export, name="export"),
    path("files/exports/<int:pk>/download", exports.export_download, name="export_download"),
    path("files/export/transactions/", exporting.transactions_export, name="transactions_export"),
    path("customers/export/", exporting.customers_export, name="customers_export"),
    path("orders/export/", exporting.orders_export, name="orders_export"),
    path("files/templates/customers.csv", downloads.template_file, {"kind": "customers"}, name="template_customers"),
    path("files/templates/orders.csv", downloads.template_file, {"kind": "orders"}, name="template_orders"),
    path("files/templates/products.csv", downloads.template_file, {"kind": "products"}, name="template_products"),
    path("files/templates/activity.csv", downloads.template_file, {"kind": "activity"}, name="template_activity"),
    path("files/templates/notes.csv", downloads.template_file, {"kind": "notes"}, name="template_notes"),
    path("files/templates/consents.csv", downloads.template_file, {"kind": "consents"}, name="template_consents"),
]
