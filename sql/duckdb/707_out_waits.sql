-- grain:   one row
-- inputs:  int_answers, stg_sampled_0
-- params:  none
-- output:  predictions  BIGINT  sampled, with an instant
--          answered     BIGINT  of these, with an outcome whose instants are known
--          hindsight    BIGINT  of these, known no later than the prediction
--          half, nearly, most, all_of   DOUBLE  seconds from the prediction to the outcome: median, 99, 99.9 and 100 % of those that are after it
select
    (select count(*) from stg_sampled_0 where {{template "sampled_instant" .At}} is not null) as predictions,
    count(*) as answered,
    count(*) filter (where waits.known_s <= 0) as hindsight,
    quantile_disc(waits.known_s, 0.5) filter (where waits.known_s > 0) as half,
    quantile_disc(waits.known_s, 0.99) filter (where waits.known_s > 0) as nearly,
    quantile_disc(waits.known_s, 0.999) filter (where waits.known_s > 0) as most,
    max(waits.known_s) filter (where waits.known_s > 0) as all_of,
from (
    select
        (epoch_us(int_answers.known_at) - epoch_us({{template "sampled_instant" .At}})) / 1e6 as known_s,
    from int_answers
    join stg_sampled_0 as predictions on int_answers.row_no = predictions.row_no
    where int_answers.known_at is not null and {{template "sampled_instant" .At}} is not null
) as waits
