-- grain:   one row per UTC day, dimension, level and bin
-- inputs:  stg_predictions, int_matched, int_fingerprints, int_conditions
-- params:  $segment_<i> VARCHAR; $condition_<n> VARCHAR, $level_<n>_<code> VARCHAR
-- output:  day        DATE
--          dimension  VARCHAR        '' for all rows, a segment column, or a condition
--          level      VARCHAR        the segment's value or the condition's level; only levels other than its first
--          bin        SMALLINT       binary: 256 bins of score over [0, 1]; regression: 16 bins to the doubling of
--                                    |score - outcome|, -32768 where it is 0
--          "rows"     BIGINT         matched predictions
--          weight     DECIMAL(38,9)  of them
--          positives  DECIMAL(38,9)  weight of those whose outcome is 1; regression: of those scored above their outcome
create or replace temp table out_histograms as
with scored as (
    select
        int_fingerprints.day,
        int_fingerprints.row_no,
        int_fingerprints.segments,
        {{if .Binary}}cast(least(255, floor(stg_predictions.score * 256)) as smallint){{else}}cast(case
            when stg_predictions.score = int_matched.outcome then -32768
            else greatest(-4096, floor(16 * log2(abs(stg_predictions.score - int_matched.outcome))))
        end as smallint){{end}} as bin,
        cast(stg_predictions.weight as decimal(38, 9)) as weight,
        case when {{if .Binary}}int_matched.outcome = 1{{else}}stg_predictions.score > int_matched.outcome{{end}} then cast(stg_predictions.weight as decimal(38, 9)) else 0 end as positives,
    from int_fingerprints
    join int_matched on int_matched.row_no = int_fingerprints.row_no
    join stg_predictions on stg_predictions.rowid = int_fingerprints.row_no
    where int_matched.state = 'matched'
)

select
    scored.day,
    '' as dimension,
    '' as level,
    scored.bin,
    count(*) as "rows",
    cast(sum(scored.weight) as decimal(38, 9)) as weight,
    cast(sum(scored.positives) as decimal(38, 9)) as positives,
from scored
group by scored.day, scored.bin
{{range .Segments}}union all
select
    scored.day,
    $segment_{{num .}} as dimension,
    scored.segments[{{num (add . 1)}}] as level,
    scored.bin,
    count(*) as "rows",
    cast(sum(scored.weight) as decimal(38, 9)) as weight,
    cast(sum(scored.positives) as decimal(38, 9)) as positives,
from scored
group by scored.day, scored.segments[{{num (add . 1)}}], scored.bin
{{end}}{{range .Conditions}}union all
select
    scored.day,
    $condition_{{num .Index}} as dimension,
    case int_conditions.c_{{num .Index}} {{$c := .}}{{range .Codes}}when {{num .}} then $level_{{num $c.Index}}_{{num .}} {{end}}end as level,
    scored.bin,
    count(*) as "rows",
    cast(sum(scored.weight) as decimal(38, 9)) as weight,
    cast(sum(scored.positives) as decimal(38, 9)) as positives,
from scored
join int_conditions on int_conditions.row_no = scored.row_no
where int_conditions.c_{{num .Index}} > 0
group by scored.day, int_conditions.c_{{num .Index}}, scored.bin
{{end}}
