-- A million contacts with nothing but their number, and ten movements of each in the change log: eight stages on the path, two lost ones.
INSERT INTO records_record (object_type_id, properties, created_at, updated_at)
SELECT %(type)s, '{}', timestamptz '2025-01-01', timestamptz '2025-01-01' FROM generate_series(1, %(contacts)s);

INSERT INTO records_change (epoch, recorded_at, at, record_id, object_type_id, kind, source, source_detail, backdated, delta)
SELECT %(epoch)s, now(), at, id, %(type)s, 'u', 'user', '', false,
       jsonb_build_object('lifecyclestage', jsonb_build_array(lag(stage) OVER (PARTITION BY id ORDER BY turn), stage))
FROM (
    SELECT id, turn, timestamptz '2025-01-01' + ((hashint8(id) & 65535) * 600 + turn * 259200) * interval '1 second' AS at,
           -- never the stage before: three groups of four take turns
           (%(stages)s::text[])[1 + (turn * 4 + (hashint8(id * 31 + turn) & 3)) %% 12] AS stage
    FROM records_record, generate_series(1, 10) AS turn WHERE object_type_id = %(type)s
) AS movements;
