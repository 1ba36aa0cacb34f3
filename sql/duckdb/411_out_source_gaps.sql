-- grain:   one row per UTC day and bin of the time that passed between news of a source{{if .Keyed}}, and key{{end}}; the day is that of the later news
-- inputs:  stg_source_<i>{{if .Keyed}}, int_source_keys_<i>{{end}}
-- params:  none
-- output:  key         VARCHAR    '' where all keys are taken together
--          day         DATE
--          bin         INTEGER    16 bins to the doubling of seconds
--          gaps        BIGINT
--          from_known  TIMESTAMP  where the longest of them began, to the minute
--          to_known    TIMESTAMP  where it ended
--          last_at     TIMESTAMP  event time of the newest row until then
--          news_known  TIMESTAMP  where the last of them ended
--          news_at     TIMESTAMP  event time of the newest row from then on
-- News is a minute in which a row became known that is newer, by `at`, than all before it: a delivery that only repeats what
-- is known is none. A row about the future counts as of when it became known.
with minutes as (
    select
        {{if .Keyed}}cast(k_{{num .Key}} as varchar){{else}}''{{end}} as key,
        date_trunc('minute', known_at) as minute,
        max(least(event_at, known_at)) as event_at,
    from stg_source_{{num .Index}}
    {{if .Keyed}}where cast(k_{{num .Key}} as varchar) in (select key from int_source_keys_{{num .Index}})
    {{end}}group by {{if .Keyed}}cast(k_{{num .Key}} as varchar), {{end}}date_trunc('minute', known_at)
),

so_far as (
    select
        key,
        minute,
        max(event_at) over (partition by key order by minute rows between unbounded preceding and current row) as newest_at,
    from minutes
),

news as (
    select key, minute, newest_at
    from so_far
    qualify newest_at > coalesce(lag(newest_at) over (partition by key order by minute), '-infinity'::timestamp)
),

gaps as (
    select
        key,
        minute as to_known,
        newest_at,
        lag(minute) over (partition by key order by minute) as from_known,
        lag(newest_at) over (partition by key order by minute) as last_at,
        (epoch_us(minute) - epoch_us(lag(minute) over (partition by key order by minute))) // 1000000 as gap_s,
    from news
)

select
    gaps.key,
    cast(gaps.to_known as date) as day,
    cast(floor(16 * log2(gaps.gap_s)) as integer) as bin,
    count(*) as gaps,
    arg_max(gaps.from_known, (gaps.gap_s, gaps.to_known)) as from_known,
    arg_max(gaps.to_known, (gaps.gap_s, gaps.to_known)) as to_known,
    arg_max(gaps.last_at, (gaps.gap_s, gaps.to_known)) as last_at,
    max(gaps.to_known) as news_known,
    arg_max(gaps.newest_at, gaps.to_known) as news_at,
from gaps
where gaps.from_known is not null
group by gaps.key, cast(gaps.to_known as date), cast(floor(16 * log2(gaps.gap_s)) as integer)
order by gaps.key, day, bin
