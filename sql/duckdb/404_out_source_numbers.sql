-- grain:   one row per UTC {{if .Hourly}}hour in{{else}}day on{{end}} which rows of the source became known{{if .Keyed}}, key{{end}}, and finite number that value i holds
-- inputs:  stg_source_<source>{{if .Keyed}}, int_source_keys_<source>{{end}}
-- params:  {{if .Chosen}}$days VARCHAR[]  those days alone, YYYY-MM-DD{{else}}$most BIGINT  days with more different numbers are left out{{end}}
-- output:  key     VARCHAR    '' where all keys are taken together
--          at      TIMESTAMP  the day or hour begins
--          number  DOUBLE
--          "rows"  BIGINT     first versions
select
    {{if .Keyed}}cast(news.k_{{num .Key}} as varchar){{else}}''{{end}} as key,
    {{if .Hourly}}date_trunc('hour', news.known_at){{else}}cast(news.day as timestamp){{end}} as at,
    cast(news.v_{{num .Value}} as double) as number,
    count(*) as "rows",
from {{template "source_news" .}} as news
where news.news and isfinite(news.v_{{num .Value}}){{if .Chosen}} and news.day in (select cast(unnest($days::varchar[]) as date)){{end}}
{{if .Keyed}}and cast(news.k_{{num .Key}} as varchar) in (select int_source_keys_{{num .Index}}.key from int_source_keys_{{num .Index}})
{{end}}group by 1, 2, 3
{{if not .Chosen}}qualify count(*) over (partition by cast(news.day as timestamp)) <= $most::bigint
{{end}}order by 1, 2, 3
