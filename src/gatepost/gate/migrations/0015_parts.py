"""Posts of several parts; the database refuses a part before those above it are out, and a standing sign-off on
anything but what it was given for."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION gate_attempt_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act gate_act%ROWTYPE;
    taken integer;
BEGIN
    SELECT * INTO act FROM gate_act WHERE id = NEW.act_id;
    IF NEW.part = 0 AND act.parts_out = 0 THEN
        RETURN NEW;
    END IF;
    SELECT count(DISTINCT a.part) INTO taken FROM gate_attempt a
     WHERE a.act_id = NEW.act_id AND a.part < NEW.part AND a.outcome = 'receipt';
    IF NEW.part <> act.parts_out OR taken <> NEW.part
        OR NEW.part > jsonb_array_length(coalesce(act.content->'parts', '[]')) THEN
        RAISE EXCEPTION 'Part % of act % is not the next to leave.', NEW.part, NEW.act_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gate_attempt_next BEFORE INSERT ON gate_attempt
    FOR EACH ROW EXECUTE FUNCTION gate_attempt_is_next();

CREATE FUNCTION gate_standing_covers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act gate_act%ROWTYPE;
    given gate_standingsignoff%ROWTYPE;
    standing bigint;
BEGIN
    SELECT s.standing_id INTO standing FROM gate_signoff s WHERE s.id = NEW.sign_off_id;
    IF standing IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO given FROM gate_standingsignoff t WHERE t.id = standing;
    SELECT * INTO act FROM gate_act WHERE id = NEW.act_id;
    IF given.moderation <> '' THEN
        IF act.kind = given.moderation AND act.clauses @> to_jsonb(given.clause) THEN
            RETURN NEW;
        END IF;
    ELSIF act.kind = 'reply' AND act.wording = given.wording
        AND encode(sha256(convert_to(act.content->>'text', 'UTF8')), 'hex') = given.text_digest
        AND coalesce(act.content->>'title', '') = '' AND coalesce(act.content->>'link', '') = ''
        AND jsonb_array_length(coalesce(act.content->'media', '[]')) = 0 AND NOT act.content ? 'parts' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The standing sign-off of act % was given for something else.', NEW.act_id
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER gate_attempt_standing BEFORE INSERT ON gate_attempt
    FOR EACH ROW EXECUTE FUNCTION gate_standing_covers();

CREATE FUNCTION gate_part_is_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.parts_out > 0 AND ((NEW.content, NEW.digest, NEW.channel_id, NEW.kind)
        IS DISTINCT FROM (OLD.content, OLD.digest, OLD.channel_id, OLD.kind) OR NEW.parts_out < OLD.parts_out) THEN
        RAISE EXCEPTION 'Part of act % has left and it cannot be changed.', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gate_act_part_out BEFORE UPDATE ON gate_act
    FOR EACH ROW WHEN (OLD.parts_out > 0) EXECUTE FUNCTION gate_part_is_out();
"""
BACKWARD = """
DROP TRIGGER gate_attempt_next ON gate_attempt;
DROP FUNCTION gate_attempt_is_next();
DROP TRIGGER gate_attempt_standing ON gate_attempt;
DROP FUNCTION gate_standing_covers();
DROP TRIGGER gate_act_part_out ON gate_act;
DROP FUNCTION gate_part_is_out();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('gate', '0014_guard_the_end'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('ref', models.CharField(max_length=300)),
                ('permalink', models.CharField(blank=True, max_length=600)),
                ('since', models.DateTimeField()),
                ('status', models.CharField(choices=[('online', 'Online'), ('changed', 'Changed elsewhere'), ('gone', 'Removed elsewhere'), ('retracted', 'Taken down')], default='online', max_length=12)),
                ('checked_at', models.DateTimeField(null=True)),
                ('says', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_one_running',
        ),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_one_receipt',
        ),
        migrations.AddField(
            model_name='act',
            name='above',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='act',
            name='parts_out',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='attempt',
            name='part',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('act', 'part'), name='attempt_one_running'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', 'receipt')), fields=('act', 'part'), name='attempt_one_receipt'),
        ),
        migrations.AddField(
            model_name='publishedpart',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='gate.published'),
        ),
        migrations.AddIndex(
            model_name='publishedpart',
            index=models.Index(fields=['ref'], name='published_part_ref'),
        ),
        migrations.AddConstraint(
            model_name='publishedpart',
            constraint=models.UniqueConstraint(fields=('item', 'number'), name='published_part_once'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
