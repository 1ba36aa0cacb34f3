-- grain:   one row per layout, condition and level
-- inputs:  ledger.layouts
-- params:  $layout_id VARCHAR
-- output:  condition's place, names, bits, and a level; level_code, level and standing are NULL where it lists none
select
    layouts.position,
    layouts.kind,
    layouts."of",
    layouts.node,
    layouts.word,
    layouts.shift,
    layouts.bits,
    layouts.level_code,
    layouts.level,
    layouts.standing
from ledger.main.layouts
where layouts.layout_id = $layout_id::varchar
order by layouts.position, layouts.level_code
