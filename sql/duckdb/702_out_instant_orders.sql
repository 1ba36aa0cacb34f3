-- grain:   one row per ordered pair of some columns of instants of a sampled input
-- inputs:  stg_sampled_<n>
-- params:  none
-- output:  earlier    INTEGER  position of a column
--          later      INTEGER  position of another
--          both       BIGINT   rows in which both have a value
--          in_order   BIGINT   of these, the first is not after the second
--          unequal    BIGINT   of these, they differ
select
    pair.earlier,
    pair.later,
    pair.pairs as both,
    pair.in_order,
    pair.unequal,
from (
    select unnest([
        {{- $columns := .Instants}}{{$comma := false}}
        {{- range $a := .Instants}}{{range $b := $columns}}{{if ne $a.Index $b.Index}}{{if $comma}},{{end}}{{$comma = true}}
        {
            'earlier': {{num $a.Index}},
            'later': {{num $b.Index}},
            'pairs': count(*) filter (where {{template "sampled_instant" $a}} is not null and {{template "sampled_instant" $b}} is not null),
            'in_order': count(*) filter (where {{template "sampled_instant" $a}} <= {{template "sampled_instant" $b}}),
            'unequal': count(*) filter (where {{template "sampled_instant" $a}} <> {{template "sampled_instant" $b}})
        }
        {{- end}}{{end}}{{end}}
    ]) as pair
    from stg_sampled_{{num .Index}}
) as pairs
order by pair.earlier, pair.later
