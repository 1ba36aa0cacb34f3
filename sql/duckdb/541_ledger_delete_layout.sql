-- grain:   none: removes a layout, before it is written anew
-- inputs:  ledger
-- params:  $layout_id VARCHAR
-- output:  none
delete from ledger.main.layouts
where layout_id = $layout_id::varchar
