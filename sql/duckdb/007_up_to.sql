-- grain:   a macro
-- inputs:  none
-- params:  none
-- output:  up_to(unit, x)  TIMESTAMP  x moved up to the next whole UTC hour, day or week (Monday), x itself if it is one
create or replace temp macro up_to(unit, x) as
    case
        when date_trunc(unit, x) = x then x
        else date_trunc(unit, x) + case unit when 'hour' then interval 1 hour when 'day' then interval 1 day else interval 7 day end
    end
