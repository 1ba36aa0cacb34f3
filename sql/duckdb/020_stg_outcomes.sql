-- grain:   one delivered row of the outcome files, known by as-of
-- inputs:  the outcome files, in_files
-- params:  $paths VARCHAR[], $as_of TIMESTAMP (UTC)
-- output:  o_<i>      outcome key columns
--          value      DOUBLE     NULL: not known
--          event_at   TIMESTAMP  event time
--          known_at   TIMESTAMP  `at` where none is declared
--          unzoned    BOOLEAN    an instant is text without a zone, and none was declared
--          valid      BOOLEAN    key, instants and value can be used; the others are set aside and counted
--          schema_id  USMALLINT  of the file
create or replace temp table stg_outcomes as
with delivered as (
    select
        {{range .OutcomeKeys}}{{key .Outcome .Kind}} as o_{{num .Index}},
        {{end}}cast({{expr .Value}} as double) as value,
        {{utc .OutcomeAt}} as event_at,
        {{if .OutcomeKnown.Column}}{{utc .OutcomeKnown}}{{else}}{{utc .OutcomeAt}}{{end}} as known_at,
        ({{unzoned .OutcomeAt}}{{if .OutcomeKnown.Column}} or {{unzoned .OutcomeKnown}}{{end}}) as unzoned,
        plumbline_file,
    from {{template "read" .Read}}
)

select
    {{range .OutcomeKeys}}delivered.o_{{num .Index}},
    {{end}}delivered.value,
    delivered.event_at,
    delivered.known_at,
    delivered.unzoned,
    coalesce(
        delivered.event_at is not null
        and delivered.known_at is not null
        {{range .OutcomeKeys}}and delivered.o_{{num .Index}} is not null
        {{end}}and (delivered.value is null or isfinite(delivered.value) and {{if .Binary}}delivered.value in (0, 1){{else}}abs(delivered.value) < 1e12{{end}}),
        false
    ) as valid,
    in_files.schema_id,
from delivered
left join in_files on in_files.input = 'outcomes' and in_files.path = delivered.plumbline_file
where delivered.known_at is null or delivered.known_at <= $as_of::timestamp
