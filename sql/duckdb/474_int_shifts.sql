-- grain:   one row per prediction and feature that its replay contradicts, or that a mend replays anew, of the versions of in_curves
-- inputs:  stg_predictions, int_values, int_replayed, int_mended_<mend>, in_curves
-- params:  none
-- output:  row_no   BIGINT
--          feature  BIGINT
--          mend     BIGINT          by which it is replayed; 0: as declared
--          shift    DECIMAL(38,12)  by how much the link of the score moves where the feature is served as replayed
--          outside  BOOLEAN         no example had the value that was served, or that is replayed
create or replace temp table int_shifts as
select 0::bigint as row_no, 0::bigint as feature, 0::bigint as mend, 0::decimal(38, 12) as shift, false as outside
where false
{{range .Replayed}}union all
{{template "shift" .}}{{end}}{{range .Replays}}{{range .Features}}union all
{{template "shift" .}}{{end}}{{end}}