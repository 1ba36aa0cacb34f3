-- grain:   one row per input and file that a run read
-- inputs:  ledger.input_files
-- params:  $run_id VARCHAR
-- output:  as ledger.input_files, without run_id
select
    input_files.input,
    input_files.file,
    input_files.digest,
    input_files.size,
    input_files."rows",
    input_files.schema_id,
    input_files.writer
from ledger.main.input_files
where input_files.run_id = $run_id::varchar
order by input_files.input, input_files.file
