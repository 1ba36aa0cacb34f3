-- grain:   one row per prediction that a finding hits
-- inputs:  int_fingerprints, in_hits, int_repair_rows
-- params:  none
-- output:  row_no     BIGINT
--          mask       BIGINT  as in in_hits
--          coalition  BIGINT  the features that are put right, as in in_coalitions; NULL: none
create or replace temp table int_hits as
select
    int_fingerprints.row_no,
    in_hits.mask,
    {{if .Masked}}int_repair_rows.coalition{{else}}null::bigint{{end}} as coalition,
from int_fingerprints
join in_hits on in_hits.day = int_fingerprints.day and in_hits.fingerprint = cast(int_fingerprints.fingerprint as varchar)
{{if .Masked}}left join int_repair_rows on int_repair_rows.row_no = int_fingerprints.row_no and int_repair_rows.mask = in_hits.mask
{{end}}
