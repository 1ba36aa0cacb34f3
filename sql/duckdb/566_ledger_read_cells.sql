-- grain:   one row per cell of some days, ordered by its key
-- inputs:  ledger.cells, ledger_cube_versions, ledger_cube_segments, ledger_cube_fingerprints
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  day          INTEGER   days from 1970-01-01
--          version      INTEGER   ids of the dictionaries
--          segment      INTEGER
--          fingerprint  INTEGER
--          age          SMALLINT
--          predictions  BIGINT
--          rows         BIGINT
--          weight, loss, ... DOUBLE  .Measures
--          wide         VARCHAR   NULL where every measure lies below 1e6: rounded to 1e-9 the doubles are exact then;
--                                 else the measures as they are, with a blank between
select
    (cells.day - date '1970-01-01')::integer as day,
    ledger_cube_versions.id::integer as version,
    ledger_cube_segments.id::integer as segment,
    ledger_cube_fingerprints.id::integer as fingerprint,
    cells.age,
    cells.predictions,
    cells."rows",
    {{range .Measures}}cells.{{name .}}::double as {{name .}},
    {{end}}case
        when greatest({{range .Measures}}abs(cells.{{name .}}), {{end}}0) >= 1000000
            then concat_ws(' '{{range .Measures}}, cells.{{name .}}{{end}})
    end as wide
from ledger.main.cells
inner join ledger_cube_versions on ledger_cube_versions.version = cells.version
inner join ledger_cube_segments on ledger_cube_segments.segments = cells.segments
inner join ledger_cube_fingerprints
    on ledger_cube_fingerprints.layout_id = cells.layout_id
    and ledger_cube_fingerprints.fingerprint = cells.fingerprint
where cells.day >= $from::date and cells.day < $to::date
order by day, ledger_cube_versions.id, ledger_cube_segments.id, ledger_cube_fingerprints.id, cells.age
