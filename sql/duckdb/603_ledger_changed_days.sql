-- grain:   one row per day that both ledgers hold by one layout and one list of segment columns, and that differs
-- inputs:  ledger, old: their days, cells, histograms, seam_days, staleness_days and entity_days
-- params:  none
-- output:  day    BIGINT   days from 1970-01-01
--          cells  BOOLEAN  what is judged by differs, not the count of predictions that are awaited alone
-- Counts of outcomes by the day of their event belong to no prediction, and are brought up to date apart.
with held as (
    select fresh.day
    from ledger.main.days as fresh
    inner join old.main.days as stale on stale.day = fresh.day
    where fresh.layout_id = stale.layout_id and fresh.segment_names = stale.segment_names
),

awaited as (
    select fresh.day
    from ledger.main.days as fresh
    inner join old.main.days as stale on stale.day = fresh.day
    where fresh.pending <> stale.pending or fresh.missing <> stale.missing
),

differing as (
    {{range $i, $t := .}}{{if $i}}
    union all
    {{end}}select distinct apart.day
    from (
        (
            select {{template "judged_columns" $t}}
            from ledger.main.{{ident $t}}
            where day in (select held.day from held)
            except all
            select {{template "judged_columns" $t}}
            from old.main.{{ident $t}}
            where day in (select held.day from held)
        )
        union all
        (
            select {{template "judged_columns" $t}}
            from old.main.{{ident $t}}
            where day in (select held.day from held)
            except all
            select {{template "judged_columns" $t}}
            from ledger.main.{{ident $t}}
            where day in (select held.day from held)
        )
    ) as apart{{end}}
)

select
    held.day - date '1970-01-01' as day,
    held.day in (select differing.day from differing) as cells,
from held
where held.day in (select differing.day from differing) or held.day in (select awaited.day from awaited)
order by held.day
