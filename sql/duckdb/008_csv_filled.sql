-- grain:   one row per column of one CSV file
-- inputs:  the file
-- params:  $path VARCHAR
-- output:  column_name  VARCHAR
--          filled_rows  BIGINT   rows in which the column is not empty
unpivot (
    select count(columns(*))
    from read_csv($path, header = true, all_varchar = true, {{template "csv_layout" .}})
) on columns(*) into name column_name value filled_rows
