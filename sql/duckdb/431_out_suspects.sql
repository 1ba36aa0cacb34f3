-- grain:   one row per sampled differing prediction of a feature
-- inputs:  int_suspects_<feature>
-- params:  $sample BIGINT  rows of a day that are fitted to
-- output:  day       DATE
--          served, meant   DOUBLE or VARCHAR; of instants as text
--          empty     BOOLEAN  the declaration gives null
select
    int_suspects_{{num .Feature}}.day,
    {{if .Number}}int_suspects_{{num .Feature}}.served{{else}}cast(int_suspects_{{num .Feature}}.served as varchar){{end}} as served,
    {{if .Number}}int_suspects_{{num .Feature}}.meant{{else}}cast(int_suspects_{{num .Feature}}.meant as varchar){{end}} as meant,
    int_suspects_{{num .Feature}}.declared is null as empty,
from int_suspects_{{num .Feature}}
where int_suspects_{{num .Feature}}.place <= $sample::bigint
order by int_suspects_{{num .Feature}}.day, int_suspects_{{num .Feature}}.place
