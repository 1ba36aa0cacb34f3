-- grain:   one row per column of predictions that could be the score and column of outcomes that could be what it foretells
-- inputs:  int_answers, stg_sampled_0
-- params:  none
-- output:  score        INTEGER  position of the predictions' column
--          outcome      INTEGER  position of the outcomes' column
--          both         BIGINT   predictions that have both
--          correlation  DOUBLE   Pearson's, of the score and the outcome: of text, whether it is its greatest value; NULL where one of them is constant
select
    pair.score,
    pair.outcome,
    pair.both,
    pair.correlation,
from (
    select unnest([
        {{- $outcomes := .Values}}{{$comma := false}}
        {{- range $s := .Scores}}{{range $o := $outcomes}}{{if $comma}},{{end}}{{$comma = true}}
        {
            'score': {{num $s.Index}},
            'outcome': {{num $o.Index}},
            'both': count(*) filter (where predictions.v_{{num $s.Index}} is not null and answers.y_{{num $o.Index}} is not null),
            'correlation': case when regr_sxx(predictions.v_{{num $s.Index}}, answers.y_{{num $o.Index}}) > 0 and regr_syy(predictions.v_{{num $s.Index}}, answers.y_{{num $o.Index}}) > 0
                then corr(predictions.v_{{num $s.Index}}, answers.y_{{num $o.Index}}) end
        }
        {{- end}}{{end}}
    ]) as pair
    from (
        select
            int_answers.row_no,
            {{- range .Values}}
            {{if eq .Class "text"}}cast(int_answers.o_{{num .Index}} = max(int_answers.o_{{num .Index}}) over () as double){{else}}int_answers.o_{{num .Index}}{{end}} as y_{{num .Index}},
            {{- end}}
        from int_answers
    ) as answers
    join stg_sampled_0 as predictions on answers.row_no = predictions.row_no
) as pairs
order by pair.score, pair.outcome
