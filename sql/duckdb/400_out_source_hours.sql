-- grain:   one row per UTC hour in which first versions of the source's rows became known{{if .OfKey}}, of one key alone{{end}}
-- inputs:  stg_source_<i>
-- params:  $key VARCHAR  where one key is asked for: its value
-- output:  hour        TIMESTAMP
--          "rows"      BIGINT     first versions
--          nulls_<i>   BIGINT     without value i
--          numbers_<i> BIGINT     with a finite one; 0 for a value that is no number
--          spread_<i>  DOUBLE[]   its quantiles .05 .25 .5 .75 .95; NULL without any
select
    date_trunc('hour', news.known_at) as hour,
    count(*) as "rows",
    {{range .Values}}count(*) filter (where news.v_{{num .Index}} is null) as nulls_{{num .Index}},
    {{if .Number}}count(*) filter (where isfinite(news.v_{{num .Index}})) as numbers_{{num .Index}},
    quantile_disc(news.v_{{num .Index}}, [0.05, 0.25, 0.5, 0.75, 0.95]) filter (where isfinite(news.v_{{num .Index}})) as spread_{{num .Index}},
    {{else}}0::bigint as numbers_{{num .Index}},
    null::double[] as spread_{{num .Index}},
    {{end}}{{end}}
from {{template "source_news" .}} as news
where news.news{{if .OfKey}} and cast(news.k_{{num .Key}} as varchar) = $key::varchar{{end}}
group by date_trunc('hour', news.known_at)
order by hour
