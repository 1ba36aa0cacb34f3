-- grain:   one row: what int_affected comes to
-- inputs:  int_affected
-- params:  $window_from DATE
-- output:  "rows", in_window  BIGINT
--          righted   BIGINT  rows of which a feature is put right
--          scored    BIGINT  rows with a corrected score
--          logged, corrected  DOUBLE  mean scores of these; NULL without any
--          first_at, last_at  TIMESTAMP  the first and the last prediction; NULL without any
select
    count(*) as "rows",
    count(*) filter (where day >= $window_from::date) as in_window,
    count(*) filter (where false{{range .Features}}{{if .Mends}} or p_{{num .Index}}{{end}}{{end}}) as righted,
    count(score_corrected) as scored,
    cast(sum(cast(score as decimal(38, 9))) filter (where score_corrected is not null) as double) / nullif(count(score_corrected), 0) as logged,
    cast(sum(cast(score_corrected as decimal(38, 9))) as double) / nullif(count(score_corrected), 0) as corrected,
    min(predicted_at) as first_at,
    max(predicted_at) as last_at,
from int_affected
