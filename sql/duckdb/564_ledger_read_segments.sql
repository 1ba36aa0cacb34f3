-- grain:   one row per list of segment values, by id
-- inputs:  ledger_cube_segments
-- params:  none
-- output:  segments  VARCHAR  a JSON list
select to_json(segments)::varchar as segments
from ledger_cube_segments
order by id
