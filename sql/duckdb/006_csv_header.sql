-- grain:   one row
-- inputs:  one CSV file
-- params:  $path VARCHAR
-- output:  has_header  BOOLEAN  the first line holds names rather than values, as far as types tell
select HasHeader as has_header
from sniff_csv($path, sample_size = -1, {{template "csv_layout" .}})
