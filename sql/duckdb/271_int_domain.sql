-- grain:   one row per UTC day that holds a chosen prediction
-- inputs:  int_domain_days
-- params:  none
-- output:  day      DATE
--          judged   BOOLEAN  the 28 days before hold a prediction
--          low_<i>, high_<i>  DOUBLE   range over the 28 days before, widened by half its width on either side
--          digest   VARCHAR  64 hex over the digests of those days
create or replace temp table int_domain as
select
    int_domain_days.day,
    coalesce(sum(int_domain_days."rows") over month_before, 0) > 0 as judged,
    {{range .Numbers}}min(int_domain_days.low_{{num .}}) over month_before
        - (max(int_domain_days.high_{{num .}}) over month_before - min(int_domain_days.low_{{num .}}) over month_before) / 2 as low_{{num .}},
    max(int_domain_days.high_{{num .}}) over month_before
        + (max(int_domain_days.high_{{num .}}) over month_before - min(int_domain_days.low_{{num .}}) over month_before) / 2 as high_{{num .}},
    {{end}}sha256(coalesce(string_agg(int_domain_days.digest, '|') over month_before, '')) as digest,
from int_domain_days
window month_before as (order by int_domain_days.day range between interval 28 days preceding and interval 1 day preceding)
