-- The logged score, moved on the link scale by moved.shift: of chances on that of the logarithm of their odds, from moved.link where that is
-- known.

{{define "moved_score"}}case
        when moved.shift = 0 then stg_predictions.score
        {{if .Binary}}else 1 / (1 + exp(greatest(-700, least(700, -(coalesce(moved.link, {{template "link_of" "stg_predictions"}}) + moved.shift))))){{else}}else greatest(-1e12, least(1e12, stg_predictions.score + moved.shift)){{end}}
    end{{end}}

{{define "link_of"}}ln({{template "bounded" .}} / (1 - {{template "bounded" .}})){{end}}

{{define "bounded"}}least(greatest({{name .}}.score, 1e-15), 1 - 1e-15){{end}}
