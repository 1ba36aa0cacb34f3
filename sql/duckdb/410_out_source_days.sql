-- grain:   one row per UTC day on which rows of the source became known{{if .Keyed}}, and key{{end}}
-- inputs:  stg_source_<i>{{if .Keyed}}, int_source_keys_<i>{{end}}
-- params:  none
-- output:  key         VARCHAR    '' where all keys are taken together
--          day         DATE
--          "rows"      BIGINT     first versions
--          keys        BIGINT     distinct keys and `at` among the first versions
--          last_at     TIMESTAMP  latest event time
--          nulls_<i>   BIGINT     first versions without value i
--          numbers_<i> BIGINT     with a finite one; 0 for a value that is no number
--          spread_<i>  DOUBLE[]   its quantiles .05 .25 .5 .75 .95; NULL without any
select
    {{if .Keyed}}cast(news.k_{{num .Key}} as varchar){{else}}''{{end}} as key,
    news.day,
    count(*) filter (where news.news) as "rows",
    count(distinct ({{range .Keys}}news.k_{{num .}}, {{end}}news.event_at)) filter (where news.news) as keys,
    max(news.event_at) as last_at,
    {{range .Values}}count(*) filter (where news.news and news.v_{{num .Index}} is null) as nulls_{{num .Index}},
    {{if .Number}}count(*) filter (where news.news and isfinite(news.v_{{num .Index}})) as numbers_{{num .Index}},
    quantile_disc(news.v_{{num .Index}}, [0.05, 0.25, 0.5, 0.75, 0.95]) filter (where news.news and isfinite(news.v_{{num .Index}})) as spread_{{num .Index}},
    {{else}}0::bigint as numbers_{{num .Index}},
    null::double[] as spread_{{num .Index}},
    {{end}}{{end}}
from {{template "source_news" .}} as news
{{if .Keyed}}where cast(news.k_{{num .Key}} as varchar) in (select int_source_keys_{{num .Index}}.key from int_source_keys_{{num .Index}})
{{end}}group by {{if .Keyed}}cast(news.k_{{num .Key}} as varchar), {{end}}news.day
order by 1, 2
