-- grain:   one delivered row of the source's files that passes its filter, known by as-of
-- inputs:  the source's files, in_files
-- params:  $paths VARCHAR[], $input VARCHAR, $as_of TIMESTAMP (UTC)
-- output:  event_at   TIMESTAMP  event time; without one in the source known_at; for a static table '-infinity'
--          known_at   TIMESTAMP  from when serving can see the row
--          dead_at    TIMESTAMP  from when a newer version or delivery stands in its place; NULL: never
--          unzoned    BOOLEAN    an instant is text without a zone, and none was declared
--          again      BOOLEAN    where rows have ids: an earlier one had the same
--          first_known  TIMESTAMP  where rows have ids: known_at of the earliest that had the same
--          schema_id  USMALLINT  of the file
--          k_<i>      join key columns
--          v_<i>      DOUBLE, VARCHAR or TIMESTAMP   value expressions of the features; NaN is NULL
--          w_<i>      BOOLEAN    filters of the features
--          passes     BOOLEAN    only where rows that do not pass are kept, for trials
-- Versions are told apart before the filter, so that a newer version that the filter drops still ends the older one; of
-- two that became known together the one of later `at`, then of greater values, stands. A delivery of rows without `at`
-- still is one. NaN is looked for by isnan: DuckDB takes comparisons with it as settled by the statistics of a Parquet
-- file, which leave it out. A value is computed only where the filter passes: it may be what the filter keeps from failing;
-- where all rows are kept, what fails is NULL.
create or replace temp table stg_source_{{num .Index}} as
with delivered as (
    select
        {{if .Static}}'-infinity'::timestamp{{else if .At.Column}}{{utc .At}}{{else}}{{utc .Known}}{{end}} as event_at,
        {{if .Static}}'-infinity'::timestamp{{else if .Known.Column}}{{utc .Known}}{{else}}{{utc .At}}{{end}} as known_at,
        {{if .Static}}false{{else}}({{if .At.Column}}{{unzoned .At}}{{else}}false{{end}}{{if .Known.Column}} or {{unzoned .Known}}{{end}}){{end}} as unzoned,
        {{range .Keys}}{{key .Column .Kind}} as k_{{num .Index}},
        {{end}}{{range .Values}}{{if $.Kept}}try({{else if $.Where}}case when {{expr $.Where}} then {{end}}{{if eq .Class "text"}}cast({{expr .Expr}} as varchar){{else if eq .Class "instant"}}make_timestamp(epoch_us({{expr .Expr}})){{else}}case when not isnan(cast({{expr .Expr}} as double)) then cast({{expr .Expr}} as double) end{{end}}{{if $.Kept}}){{else if $.Where}} end{{end}} as v_{{num .Index}},
        {{end}}{{range .Filters}}coalesce({{if $.Kept}}try({{expr .Expr}}){{else}}{{expr .Expr}}{{end}}, false) as w_{{num .Index}},
        {{end}}{{range $i, $c := .IDs}}cast({{ident $c}} as varchar) as id_{{num $i}},
        {{end}}{{if .Where}}coalesce({{if .Kept}}try({{expr .Where}}){{else}}{{expr .Where}}{{end}}, false){{else}}true{{end}} as passes,
        plumbline_file,
    from {{template "read" .Read}}
),

known as (
    select *
    from delivered
    where unzoned or (event_at is not null and known_at is not null and known_at <= $as_of::timestamp)
),

versions as (
    select
        *,
        {{if .IDs}}case when {{range $i, $c := .IDs}}{{if $i}} and {{end}}id_{{num $i}} is not null{{end}} then
            lead(known_at) over (
                partition by {{range $i, $c := .IDs}}{{if $i}}, {{end}}id_{{num $i}}{{end}}
                order by known_at, event_at, {{range .Values}}v_{{num .Index}} nulls first, {{end}}{{range .Keys}}k_{{num .Index}}, {{end}}{{range .Filters}}w_{{num .Index}}, {{end}}passes
            )
        end{{else}}null::timestamp{{end}} as ended_at,
        {{if .IDs}}{{range $i, $c := .IDs}}id_{{num $i}} is not null and {{end}}lag(known_at) over (
            partition by {{range $i, $c := .IDs}}{{if $i}}, {{end}}id_{{num $i}}{{end}}
            order by known_at, event_at, {{range .Values}}v_{{num .Index}} nulls first, {{end}}{{range .Keys}}k_{{num .Index}}, {{end}}{{range .Filters}}w_{{num .Index}}, {{end}}passes
        ) is not null as again,
        case when {{range $i, $c := .IDs}}{{if $i}} and {{end}}id_{{num $i}} is not null{{end}} then min(known_at) over (partition by {{range $i, $c := .IDs}}{{if $i}}, {{end}}id_{{num $i}}{{end}}) else known_at end as first_known,
        {{end}}
    from known
),

{{if .Snapshot}}deliveries as (
    select known_at, lead(known_at) over (order by known_at) as replaced_at
    from (select distinct known_at from delivered where known_at <= $as_of::timestamp)
),

lives as (
    select versions.*, least(versions.ended_at, deliveries.replaced_at) as dead_at
    from versions
    left join deliveries on deliveries.known_at = versions.known_at
)
{{else}}lives as (
    select *, ended_at as dead_at
    from versions
)
{{end}}
select
    lives.event_at,
    lives.known_at,
    lives.dead_at,
    lives.unzoned,
    {{if .IDs}}lives.again,
    lives.first_known,
    {{end}}in_files.schema_id,
    {{range .Keys}}lives.k_{{num .Index}},
    {{end}}{{range .Values}}lives.v_{{num .Index}},
    {{end}}{{range .Filters}}lives.w_{{num .Index}},
    {{end}}{{if .Kept}}lives.passes,
    {{end}}
from lives
left join in_files on in_files.input = $input and in_files.path = lives.plumbline_file
where {{if .Kept}}true{{else}}lives.passes{{end}}
