-- grain:   one row per layout, condition and level; one with level_code NULL for a condition without a list of levels
-- inputs:  none
-- params:  none
-- output:  layout_id   VARCHAR  16 hex of sha256 over names, widths and levels
--          position    INTEGER  place of the condition in the loop file, from 0
--          condition   VARCHAR  of.kind
--          kind        VARCHAR  cardinality, staleness, window, value, domain, schema or outcome
--          of          VARCHAR  join, feature or input that the condition is of
--          node        VARCHAR  what a finding would be about
--          word        INTEGER  word of the fingerprint, from 0
--          shift       INTEGER  lowest bit in the word
--          bits        INTEGER  width
--          level_code  INTEGER  code in the fingerprint
--          level       VARCHAR  name of the level
--          standing    VARCHAR  fine, usual or broken: what the level means before a baseline is asked
create table ledger.main.layouts (
    layout_id varchar,
    position integer,
    condition varchar,
    kind varchar,
    "of" varchar,
    node varchar,
    word integer,
    shift integer,
    bits integer,
    level_code integer,
    level varchar,
    standing varchar
)
