-- grain:   one row per boundary that is to be written: those that the ledger holds as of a later instant are left out
-- inputs:  ledger.evaluations
-- params:  $boundaries VARCHAR[] (dates), $as_of VARCHAR[] (RFC 3339), $matched BIGINT[], $findings VARCHAR[] (JSON, schema
--          plumbline.findings/v1 less what is of a run): lists of one length
-- output:  boundary  DATE
--          as_of     TIMESTAMP  UTC
--          matched   BIGINT     predictions with an outcome
--          findings  VARCHAR
create or replace temp table int_evaluations as
with given as (
    select
        cast(unnest($boundaries::varchar[]) as date) as boundary,
        cast(unnest($as_of::varchar[]) as timestamptz) at time zone 'UTC' as as_of,
        unnest($matched::bigint[]) as matched,
        unnest($findings::varchar[]) as findings,
)

select
    given.boundary,
    given.as_of,
    given.matched,
    given.findings,
from given
left join ledger.main.evaluations as held on held.boundary = given.boundary
where held.as_of is null or held.as_of <= given.as_of
