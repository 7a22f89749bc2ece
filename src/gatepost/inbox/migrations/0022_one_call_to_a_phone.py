from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0021_stands_in_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="callline",
            name="has_deputy",
            field=models.BooleanField(default=True),
        ),
        migrations.AddIndex(
            model_name="alarmcall",
            index=models.Index(fields=["line", "who", "-at"], name="alarm_call_phone"),
        ),
    ]
