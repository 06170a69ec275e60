from django.db import migrations

from amanat.desk.audit import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda _apps, editor: append_only.install(editor.connection),
            lambda _apps, editor: append_only.remove(editor.connection),
        )
    ]
