-- grain:   a macro
-- inputs:  none
-- params:  none
-- output:  close_to(a, b, absolute, relative)  BOOLEAN  two numbers are the same up to a difference, absolute or relative to
--          the greater of them; NULL is the same as NULL alone
create or replace temp macro close_to(a, b, absolute, relative) as
    coalesce(
        a = b or isfinite(a) and isfinite(b) and abs(a - b) <= absolute + relative * greatest(abs(a), abs(b)),
        a is null and b is null
    )
