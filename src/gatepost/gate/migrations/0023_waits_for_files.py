from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gate", "0022_deletions_first")]

    operations = [
        migrations.AddField(model_name="act", name="files_by", field=models.DateTimeField(null=True)),
    ]
