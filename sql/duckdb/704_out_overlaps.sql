-- grain:   one row per column of the predictions and column of another input that have values in common
-- inputs:  int_key_values_0, int_key_values_<n>
-- params:  none
-- output:  prediction  INTEGER  position of the predictions' column
--          other       INTEGER  position of the other input's
--          common      BIGINT   values that both have
--          predicted   BIGINT   values that the predictions' column has
--          others      BIGINT   values that the other column has
with predicted as (
    select position, count(*) as n
    from int_key_values_0
    group by position
),

others as (
    select position, count(*) as n
    from int_key_values_{{num .Index}}
    group by position
),

met as (
    select
        mine.position as prediction,
        theirs.position as other,
        count(*) as common,
    from int_key_values_0 as mine
    join int_key_values_{{num .Index}} as theirs on mine.key_value = theirs.key_value
    group by mine.position, theirs.position
)

select
    met.prediction,
    met.other,
    met.common,
    predicted.n as predicted,
    others.n as others,
from met
join predicted on met.prediction = predicted.position
join others on met.other = others.position
order by met.prediction, met.other
