-- grain:   one row per prediction whose feature contradicts its replay; with .Agreeing of the first of each day that agree with it, by
--          keys that some contradict: int_suspects_<.Into>
-- inputs:  int_values, int_instants, int_replayed, stg_predictions, int_lookup_<i>
-- params:  $seed VARCHAR; with .Agreeing $most BIGINT
-- output:  row_no       BIGINT
--          day          DATE
--          features_at  TIMESTAMP
--          place        BIGINT   from 1, by day: the order in which rows are sampled
--          served       DOUBLE, VARCHAR or TIMESTAMP   as logged
--          declared     the same   the replay as declared
--          fallback     the same   what serving puts for null; NULL where nothing is declared
--          said         the same   served, the fallback for null
--          meant        the same   declared, the fallback for null
--          declared_at  TIMESTAMP  `at` of the row that the declaration uses; NULL for windows
--          bare         BOOLEAN  none of the features of its join was served anything but null or its default, or of a count 0, and where serving
--                                logged how many rows the join met, that was none
--          unmet        BOOLEAN  it is bare, and that says that the join met nothing: serving logged so, or another of its features should
--                                have been something else, or it has no other
--          day_rows     BIGINT   with .Agreeing: rows of the day that agree, of those keys
--          p_<i>        key columns of the prediction, by those of the source
create or replace temp table int_suspects_{{num .Into}} as
with differing as (
    select
        int_values.row_no,
        int_values.day,
        int_instants.features_at,
        stg_predictions.prediction_id,
        stg_predictions.f_{{num .Feature}} as served,
        int_replayed.r_{{num .Feature}} as declared,
        {{if .HasDefault}}int_values.d_{{num .Feature}}{{else}}cast(null as {{name .Type}}){{end}} as fallback,
        {{if .Aged}}int_lookup_{{num .Lookup}}.newest_at{{else}}null::timestamp{{end}} as declared_at,
        {{range .Mates}}(stg_predictions.f_{{num .Index}} is null{{if .Counts}} or stg_predictions.f_{{num .Index}} = 0{{end}}{{if .HasDefault}} or coalesce(stg_predictions.f_{{num .Index}} = int_values.d_{{num .Index}}, false){{end}}) and {{end}}{{if .Logged}}coalesce(stg_predictions.jr_{{num .Join}} = 0, true){{else}}true{{end}} as bare,
        {{if .Logged}}stg_predictions.jr_{{num .Join}} is not null or {{end}}{{range .Mates}}{{if ne .Index $.Feature}}coalesce(int_replayed.r_{{num .Index}} is not null{{if .Counts}} and int_replayed.r_{{num .Index}} <> 0{{end}}{{if .HasDefault}} and int_replayed.r_{{num .Index}} is distinct from int_values.d_{{num .Index}}{{end}}, false) or {{end}}{{end}}{{if eq (len .Mates) 1}}true{{else}}false{{end}} as telling,
        {{range .Pairs}}int_instants.k_{{num .Prediction}} as p_{{num .Source}},
        {{end}}
    from int_values
    join int_instants on int_instants.row_no = int_values.row_no
    join int_replayed on int_replayed.row_no = int_values.row_no
    join stg_predictions on stg_predictions.rowid = int_values.row_no
    {{if .Aged}}left join int_lookup_{{num .Lookup}} on int_lookup_{{num .Lookup}}.row_no = int_values.row_no
    {{end}}{{if .Agreeing}}semi join int_suspects_{{num .Feature}} as struck on struck.day = int_values.day{{range .Pairs}} and struck.p_{{num .Source}} = int_instants.k_{{num .Prediction}}{{end}}
    where int_values.e_{{num .Feature}} = 0{{else}}where int_values.e_{{num .Feature}} = 3{{end}}
)

select
    differing.row_no,
    differing.day,
    differing.features_at,
    row_number() over (partition by differing.day order by sha256($seed::varchar || differing.prediction_id), differing.prediction_id) as place,
    differing.served,
    differing.declared,
    differing.fallback,
    coalesce(differing.served, differing.fallback) as said,
    coalesce(differing.declared, differing.fallback) as meant,
    differing.declared_at,
    differing.bare,
    differing.bare and differing.telling as unmet,
    {{if .Agreeing}}count(*) over (partition by differing.day) as day_rows,
    {{end}}{{range .Pairs}}differing.p_{{num .Source}},
    {{end}}
from differing{{if .Agreeing}}
qualify place <= $most::bigint{{end}}
