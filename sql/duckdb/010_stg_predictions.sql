-- grain:   one row per delivery of a prediction that is known by as-of: those with `at` in the range, and those without `at`
-- inputs:  the prediction files, in_files
-- params:  $paths VARCHAR[], $read_from TIMESTAMP, $read_to TIMESTAMP, $as_of TIMESTAMP (UTC)
-- output:  rowid          BIGINT     names the row in later stages (row_no)
--          prediction_id  VARCHAR
--          day            DATE       UTC day of `at`; NULL where `at` is
--          predicted_at   TIMESTAMP  NULL where missing or not a time
--          unzoned        BOOLEAN    an instant is text without a zone, and none was declared
--          features_at    TIMESTAMP  the instant that features are replayed at
--          known_at       TIMESTAMP
--          score          DOUBLE
--          version        VARCHAR    '' where none
--          weight         DOUBLE     rows that this row stands for
--          valid          BOOLEAN    can be scored; the others are set aside and counted
--          schema_id      USMALLINT  of the file
--          entity_group   INTEGER    which of 64 groups the row's entity falls into by its digest; where entities are declared
--          s_<i>          VARCHAR    segment columns, '' for NULL
--          o_<i>          key columns of the outcome
--          k_<i>          key columns of the joins
--          f_<i>          DOUBLE, VARCHAR or TIMESTAMP   features as served; NaN is NULL
--          ja_<i>, jr_<i> TIMESTAMP, BIGINT   logged `at` and rows of join i
--          fa_<i>, fr_<i> TIMESTAMP, BIGINT   logged `at` and rows of feature i
-- NaN is looked for by isnan and isfinite: DuckDB takes comparisons with it as settled by the statistics of a Parquet file,
-- which leave it out.
create or replace temp table stg_predictions as
with delivered as (
    select
        cast({{ident .ID}} as varchar) as prediction_id,
        {{utc .At}} as predicted_at,
        ({{unzoned .At}}{{range .OtherClocks}} or {{unzoned .}}{{end}}) as unzoned,
        {{if .FeaturesAt.Column}}{{utc .FeaturesAt}}{{else}}null::timestamp{{end}} as features_at,
        {{if .KnownAt.Column}}{{utc .KnownAt}}{{else}}{{utc .At}}{{end}} as known_at,
        cast({{ident .Score}} as double) as score,
        {{if .Version}}coalesce(cast({{ident .Version}} as varchar), ''){{else}}''{{end}} as version,
        {{if .Weight}}cast({{ident .Weight}} as double){{else}}1.0::double{{end}} as weight,
        {{if .Entity}}cast('0x' || left(md5(concat_ws(chr(31), {{range $i, $c := .Entity}}{{if $i}}, {{end}}coalesce(cast({{ident $c}} as varchar), ''){{end}})), 4) as integer) % 64 as entity_group,
        {{end}}{{range .Segments}}coalesce(cast({{ident .Column}} as varchar), '') as s_{{num .Index}},
        {{end}}{{range .OutcomeKeys}}{{key .Prediction .Kind}} as o_{{num .Index}},
        {{end}}{{range .Keys}}{{key .Column .Kind}} as k_{{num .Index}},
        {{end}}{{range .Features}}{{if eq .Class "instant"}}{{utc .ServedClock}}{{else if eq .Class "text"}}cast({{ident .Served}} as varchar){{else}}case when not isnan(cast({{ident .Served}} as double)) then cast({{ident .Served}} as double) end{{end}} as f_{{num .Index}},
        {{if .ServedAt.Column}}{{utc .ServedAt}} as fa_{{num .Index}},
        {{end}}{{if .ServedRows}}cast({{ident .ServedRows}} as bigint) as fr_{{num .Index}},
        {{end}}{{end}}{{range .Joins}}{{if .ServedAt.Column}}{{utc .ServedAt}} as ja_{{num .Index}},
        {{end}}{{if .ServedRows}}cast({{ident .ServedRows}} as bigint) as jr_{{num .Index}},
        {{end}}{{end}}plumbline_file
    from {{template "read" .Read}}
),

in_range as (
    select
        *,
        {{template "sound" .}} as valid,
    from delivered
    where (predicted_at is null or (predicted_at >= $read_from::timestamp and predicted_at < $read_to::timestamp))
        and (known_at <= $as_of::timestamp or known_at is null)
)

select
    in_range.prediction_id,
    cast(in_range.predicted_at as date) as day,
    in_range.predicted_at,
    in_range.unzoned,
    coalesce(in_range.features_at, in_range.predicted_at) as features_at,
    in_range.known_at,
    in_range.score,
    in_range.version,
    in_range.weight,
    coalesce(in_range.valid, false) as valid,
    in_files.schema_id,
    {{if .Entity}}in_range.entity_group,
    {{end}}{{range .Segments}}in_range.s_{{num .Index}},
    {{end}}{{range .OutcomeKeys}}in_range.o_{{num .Index}},
    {{end}}{{range .Keys}}in_range.k_{{num .Index}},
    {{end}}{{range .Features}}in_range.f_{{num .Index}},
    {{if .ServedAt.Column}}in_range.fa_{{num .Index}},
    {{end}}{{if .ServedRows}}in_range.fr_{{num .Index}},
    {{end}}{{end}}{{range .Joins}}{{if .ServedAt.Column}}in_range.ja_{{num .Index}},
    {{end}}{{if .ServedRows}}in_range.jr_{{num .Index}},
    {{end}}{{end}}
from in_range
left join in_files on in_files.input = 'predictions' and in_files.path = in_range.plumbline_file
