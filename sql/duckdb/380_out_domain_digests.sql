-- grain:   one row per UTC day taken in that holds a chosen prediction
-- inputs:  int_domain, out_counts
-- params:  none
-- output:  day            DATE
--          domain_digest  VARCHAR  64 hex over what the day's domains were judged against
create or replace temp table out_domain_digests as
select
    int_domain.day,
    int_domain.digest as domain_digest,
from int_domain
join out_counts on out_counts.day = int_domain.day
