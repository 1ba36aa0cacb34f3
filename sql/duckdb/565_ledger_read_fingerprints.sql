-- grain:   one row per layout and fingerprint, by id
-- inputs:  ledger_cube_fingerprints
-- params:  none
-- output:  layout_id  VARCHAR
--          words      VARCHAR  the words of the fingerprint, with a blank between
select
    layout_id,
    array_to_string(fingerprint, ' ') as words
from ledger_cube_fingerprints
order by id
