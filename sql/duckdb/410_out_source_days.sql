-- grain:   one row per UTC day on which rows of the source became known
-- inputs:  stg_source_<i>
-- params:  none
-- output:  day         DATE
--          "rows"      BIGINT     first versions
--          again       BIGINT     rows of a key and `at` that were known before
--          keys        BIGINT     distinct keys and `at` among the first versions
--          last_at     TIMESTAMP  latest event time
--          last_known  TIMESTAMP
--          delay       DOUBLE[]   seconds from `at` to known, quantiles .05 .25 .5 .75 .95 of the first versions; NULL without any
--          nulls_<i>   BIGINT     first versions without value i
--          numbers_<i> BIGINT     with a finite one; 0 for a value that is no number
--          spread_<i>  DOUBLE[]   its quantiles, likewise; NULL without any
select
    news.day,
    count(*) filter (where news.news) as "rows",
    count(*) filter (where not news.news) as again,
    count(distinct ({{range .Keys}}news.k_{{num .}}, {{end}}news.event_at)) filter (where news.news) as keys,
    max(news.event_at) as last_at,
    max(news.known_at) as last_known,
    quantile_disc((epoch_us(news.known_at) - epoch_us(news.event_at)) / 1e6, [0.05, 0.25, 0.5, 0.75, 0.95]) filter (where news.news) as delay,
    {{range .Values}}count(*) filter (where news.news and news.v_{{num .Index}} is null) as nulls_{{num .Index}},
    {{if .Number}}count(*) filter (where news.news and isfinite(news.v_{{num .Index}})) as numbers_{{num .Index}},
    quantile_disc(news.v_{{num .Index}}, [0.05, 0.25, 0.5, 0.75, 0.95]) filter (where news.news and isfinite(news.v_{{num .Index}})) as spread_{{num .Index}},
    {{else}}0::bigint as numbers_{{num .Index}},
    null::double[] as spread_{{num .Index}},
    {{end}}{{end}}
from {{template "source_news" .}} as news
group by news.day
order by news.day
