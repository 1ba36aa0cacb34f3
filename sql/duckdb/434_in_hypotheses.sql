-- grain:   one row per hypothesis and day that it is for
-- inputs:  none
-- params:  $h BIGINT[], $probe BIGINT[], $day VARCHAR[], $made VARCHAR[], $factor DOUBLE[], $plus DOUBLE[], $constant DOUBLE[],
--          $word VARCHAR[], $digits BIGINT[], $place BIGINT[], $code BIGINT[]   one entry each per hypothesis
-- output:  h         BIGINT   its number
--          probe     BIGINT   where its value comes from
--          day       DATE     the day that it is for; NULL: every day
--          made      VARCHAR  what is made of the value
--          factor, plus, constant   DOUBLE
--          word      VARCHAR  the constant of a text feature
--          digits    BIGINT   decimals
--          place     BIGINT   of a day's winners, the first that hits a row names it
--          code      USMALLINT  level code of its cause
create or replace temp table in_hypotheses as
with listed as (
    select
        unnest($h::bigint[]) as h,
        unnest($probe::bigint[]) as probe,
        unnest($day::varchar[]) as day,
        unnest($made::varchar[]) as made,
        unnest($factor::double[]) as factor,
        unnest($plus::double[]) as plus,
        unnest($constant::double[]) as constant,
        unnest($word::varchar[]) as word,
        unnest($digits::bigint[]) as digits,
        unnest($place::bigint[]) as place,
        unnest($code::bigint[]) as code,
)

select
    listed.h,
    listed.probe,
    cast(nullif(listed.day, '') as date) as day,
    listed.made,
    listed.factor,
    listed.plus,
    listed.constant,
    listed.word,
    listed.digits,
    listed.place,
    cast(listed.code as usmallint) as code,
from listed
