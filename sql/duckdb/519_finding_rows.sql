-- grain:   one row per boundary and finding
-- inputs:  none
-- params:  none
-- output:  boundary        DATE       UTC day at whose start the window ends
--          position        INTEGER    place in the evaluation, from 1
--          id              VARCHAR    F- and 10 hex of sha256(loop, cause, node)
--          severity        VARCHAR    high, medium, low or info
--          state           VARCHAR    new, ongoing, resolved or regressed
--          standing        BOOLEAN    older than the context; never the verdict
--          cause           VARCHAR    entry of the catalogue of causes
--          parameters      VARCHAR    of the cause, as JSON
--          node            VARCHAR    source, request feature, job, predictions or outcomes
--          sources         VARCHAR[]  sources hit
--          features        VARCHAR[]  features hit
--          also_differs    VARCHAR[]  features that differ from the same onset, not explained
--          supersedes      VARCHAR[]  findings that this one swallowed
--          job             VARCHAR    job that writes the node
--          owner           VARCHAR    who owns the node
--          onset           TIMESTAMP  UTC start of the last episode
--          end_at          TIMESTAMP  UTC end of the last episode; NULL while it lasts
--          episodes        VARCHAR    all episodes, as JSON
--          rows            BIGINT     predictions of the window that were hit
--          row_share       DOUBLE     share of the window's predictions, 0 to 1
--          excess_loss     DOUBLE     mean loss of the window that mending returns, in the loop's unit
--          ci_low          DOUBLE     of excess_loss, 95 %
--          ci_high         DOUBLE     of excess_loss, 95 %
--          q               DOUBLE     Benjamini-Hochberg q-value
--          share           DOUBLE     of the change of loss
--          expected_cost   DOUBLE     mean loss expected without outcomes, in the loop's unit
--          recovered       DOUBLE     mean loss that came back, in the loop's unit
--          tier            VARCHAR    inferred, logged, contract or replayed
--          proven          BOOLEAN    the hypothesis reproduces what was served
--          explains        DOUBLE     share of counted rows reproduced, 0 to 1
--          chance          DOUBLE     the same share with shuffled values
--          runner_up       DOUBLE     the same share of the second best hypothesis
--          proof_rows      BIGINT     rows counted
--          proof_distinct  BIGINT     distinct source rows among them
--          evidence        VARCHAR[]  sentences
--          action          VARCHAR    what to do
create table ledger.main.finding_rows (
    boundary date,
    position integer,
    id varchar,
    severity varchar,
    state varchar,
    standing boolean,
    cause varchar,
    parameters varchar,
    node varchar,
    sources varchar[],
    features varchar[],
    also_differs varchar[],
    supersedes varchar[],
    job varchar,
    owner varchar,
    onset timestamp,
    end_at timestamp,
    episodes varchar,
    "rows" bigint,
    row_share double,
    excess_loss double,
    ci_low double,
    ci_high double,
    q double,
    share double,
    expected_cost double,
    recovered double,
    tier varchar,
    proven boolean,
    explains double,
    chance double,
    runner_up double,
    proof_rows bigint,
    proof_distinct bigint,
    evidence varchar[],
    action varchar
)
