-- grain:   a macro
-- inputs:  none
-- params:  none
-- output:  alike(how, x)  VARCHAR  a key of text written as both sides of a join may be: '' as it is; lower without regard to
--          case, trim to blanks too, zeros to leading zeros too, number as a number where it is one
create or replace temp macro alike(how, x) as
    case how
        when '' then x
        when 'lower' then lower(x)
        when 'trim' then lower(trim(x))
        when 'zeros' then ltrim(lower(trim(x)), '0')
        else coalesce(cast(try_cast(trim(x) as double) as varchar), lower(trim(x)))
    end
