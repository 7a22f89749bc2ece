"""Holds with exceptions and an end, their review; what of ours is online; what networks still take; crises."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# What was sent before this was kept apart. It is not looked at again by itself: some of it may be years old.
BEFORE = """
INSERT INTO gate_published (act_id, channel_id, ref, since, status, shows, says)
SELECT a.id, a.channel_id, a.ref, a.sent_at,
       CASE WHEN EXISTS (SELECT FROM gate_act d WHERE d.subject = 'act:' || a.id AND d.kind = 'delete' AND d.state = 'sent')
            THEN 'retracted' ELSE 'online' END, '', ''
  FROM gate_act a WHERE a.kind IN ('publish', 'reply') AND a.state = 'sent' AND a.sent_at IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0002_initial'),
        ('gate', '0009_waits_since'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('channel', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='allowance', serialize=False, to='channels.channel')),
                ('most', models.PositiveIntegerField()),
                ('used', models.PositiveIntegerField(default=0)),
                ('resets_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='act',
            name='review',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='to_review', to='gate.hold'),
        ),
        migrations.AddField(
            model_name='hold',
            name='campaign',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='hold',
            name='ends_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='hold',
            name='ends_itself',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='hold',
            name='kinds',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='hold',
            name='people',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='hold',
            name='reminded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='hold',
            name='spared',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='hold',
            name='statements',
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name='Crisis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=400)),
                ('clause', models.CharField(blank=True, max_length=60)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_because', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gate.hold')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('ended_at', None)), name='crisis_one')],
            },
        ),
        migrations.CreateModel(
            name='Published',
            fields=[
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='published', serialize=False, to='gate.act')),
                ('ref', models.CharField(max_length=300)),
                ('since', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('status', models.CharField(choices=[('online', 'Online'), ('changed', 'Changed elsewhere'), ('gone', 'Removed elsewhere'), ('retracted', 'Taken down')], default='online', max_length=12)),
                ('shows', models.CharField(blank=True, max_length=64)),
                ('checked_at', models.DateTimeField(null=True)),
                ('check_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField(null=True)),
                ('says', models.CharField(blank=True, max_length=400)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='published', to='channels.channel')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('check_at__isnull', False)), fields=['check_at'], name='published_check'), models.Index(condition=models.Q(('status__in', ('online', 'changed'))), fields=['expires_at'], name='published_expiry'), models.Index(fields=['channel', '-since'], name='published_channel')],
            },
        ),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
    ]
