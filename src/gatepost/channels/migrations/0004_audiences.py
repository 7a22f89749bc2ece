from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0003_outside_reader"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="audiences",
            field=models.JSONField(default=list),
        ),
    ]
