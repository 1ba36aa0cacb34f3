-- grain:   one row per input and file that a run read, of those that are still listed
-- inputs:  ledger.input_files
-- params:  none
-- output:  input   VARCHAR
--          file    VARCHAR
--          "rows"  BIGINT   the most that it had; -1 where that is not known
--          size    BIGINT   the most, bytes
select
    input_files.input,
    input_files.file,
    coalesce(max(input_files."rows"), -1)::bigint as "rows",
    max(input_files.size)::bigint as size,
from ledger.main.input_files
group by input_files.input, input_files.file
order by input_files.input, input_files.file
