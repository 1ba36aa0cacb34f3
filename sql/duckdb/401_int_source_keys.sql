-- grain:   one key of the source by one of its key columns alone: the first to have had 100 rows, 64 at most, so that what is
--          delivered later changes none of them
-- inputs:  stg_source_<i>
-- params:  none
-- output:  key  VARCHAR
create or replace temp table int_source_keys_{{num .Index}} as
with numbered as (
    select
        cast(k_{{num .Key}} as varchar) as key,
        known_at,
        row_number() over (partition by k_{{num .Key}} order by known_at) as row_no,
    from stg_source_{{num .Index}}
    where k_{{num .Key}} is not null
)

select numbered.key
from numbered
where numbered.row_no = 100
order by numbered.known_at, numbered.key
limit 64
