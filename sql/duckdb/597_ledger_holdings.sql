-- grain:   one row: what the ledger holds
-- inputs:  ledger.days, ledger.cells, ledger.layouts, ledger.evaluations, ledger.run_log, ledger.input_files
-- params:  none
-- output:  first_day       DATE     NULL without days, as what follows
--          last_day        DATE
--          days            BIGINT
--          filled          BIGINT   of these, with predictions
--          open_days       BIGINT   that were not over when they were taken in
--          predictions     BIGINT
--          matched         BIGINT
--          pending         BIGINT
--          missing         BIGINT
--          cells           BIGINT
--          layouts         BIGINT
--          first_boundary  DATE     NULL without evaluations
--          last_boundary   DATE
--          evaluations     BIGINT
--          runs            BIGINT
--          engines         VARCHAR  versions, commas between
--          input_files     BIGINT   lines of what runs read
select
    (select min(days.day) from ledger.main.days) as first_day,
    (select max(days.day) from ledger.main.days) as last_day,
    (select count(*) from ledger.main.days) as days,
    (select count(*) from ledger.main.days where days.predictions > 0) as filled,
    (select count(*) from ledger.main.days where not days.closed) as open_days,
    (select coalesce(sum(days.predictions), 0)::bigint from ledger.main.days) as predictions,
    (select coalesce(sum(days.matched), 0)::bigint from ledger.main.days) as matched,
    (select coalesce(sum(days.pending), 0)::bigint from ledger.main.days) as pending,
    (select coalesce(sum(days.missing), 0)::bigint from ledger.main.days) as missing,
    (select count(*) from ledger.main.cells) as cells,
    (select count(distinct layouts.layout_id) from ledger.main.layouts) as layouts,
    (select min(evaluations.boundary) from ledger.main.evaluations) as first_boundary,
    (select max(evaluations.boundary) from ledger.main.evaluations) as last_boundary,
    (select count(*) from ledger.main.evaluations) as evaluations,
    (select count(*) from ledger.main.run_log) as runs,
    (select coalesce(string_agg(distinct run_log.engine_version, ', ' order by run_log.engine_version), '') from ledger.main.run_log) as engines,
    (select count(*) from ledger.main.input_files) as input_files
