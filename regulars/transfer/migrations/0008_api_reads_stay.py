"""What programs read through the API is only ever added to, by the same guard as the export log."""

from django.db import migrations

# A line counts up all day, so it may only move forward; whose, of which day and of what it is stays.
STAY = """
CREATE TRIGGER reads_go_forward BEFORE UPDATE ON transfer_apiread
    FOR EACH ROW WHEN (
        (NEW.shop_id, NEW.id, NEW.key_id, NEW."on", NEW.what, NEW.first_at)
            IS DISTINCT FROM (OLD.shop_id, OLD.id, OLD.key_id, OLD."on", OLD.what, OLD.first_at)
        OR NEW.answers <= OLD.answers OR NEW.rows < OLD.rows OR NEW.last_at < OLD.last_at
    ) EXECUTE FUNCTION transfer_export_log_stays();
CREATE TRIGGER reads_stay BEFORE DELETE ON transfer_apiread
    FOR EACH ROW EXECUTE FUNCTION transfer_export_log_stays();
CREATE TRIGGER reads_stay_all BEFORE TRUNCATE ON transfer_apiread
    FOR EACH STATEMENT EXECUTE FUNCTION transfer_export_log_stays();
"""

GO = """
DROP TRIGGER reads_go_forward ON transfer_apiread;
DROP TRIGGER reads_stay ON transfer_apiread;
DROP TRIGGER reads_stay_all ON transfer_apiread;
"""


class Migration(migrations.Migration):
    dependencies = [("transfer", "0007_api_reads")]

    operations = [migrations.RunSQL(STAY, GO)]
