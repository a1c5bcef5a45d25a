-- Journeys and visits of the movements of some contacts, by hand. Stages: s1, s2, … in their order, then won, and l1 and l2 for the lost.
CREATE OR REPLACE TEMP TABLE baseline_moves AS
WITH seen AS (
    SELECT record_id, movement_id, "at", from_stage, to_stage,
           CASE WHEN to_stage = 'won' THEN $places WHEN to_stage LIKE 's%' THEN substr(to_stage, 2)::INT END AS place,
           coalesce(to_stage LIKE 's%', false) AS inside,
           coalesce(from_stage LIKE 's%', false) AND coalesce(lag(to_stage) OVER story LIKE 's%', false) AS goes_on,
           lead("at") OVER story AS next_at, lead(from_stage) OVER story AS next_from, lead(to_stage) OVER story AS next_to,
           lead(movement_id) OVER story IS NULL AS is_last,
           coalesce(max(to_stage IS NOT NULL) OVER (story ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), false) AS counted
    FROM stage_movements WHERE record_id BETWEEN $first AND $last
    WINDOW story AS (PARTITION BY record_id ORDER BY "at", movement_id)
), begun AS (
    SELECT *, NOT goes_on AND to_stage IS NOT NULL AND (inside OR to_stage = 'won' OR NOT counted) AS starts,
           inside AND next_from LIKE 's%' AS followed
    FROM seen
)
SELECT *, sum(starts::INT) OVER (PARTITION BY record_id ORDER BY "at", movement_id ROWS UNBOUNDED PRECEDING) AS number
FROM begun WHERE starts OR goes_on;

CREATE OR REPLACE TEMP TABLE baseline_journeys AS
SELECT record_id, number, min("at") AS entered_at, max(CASE WHEN NOT inside THEN "at" END) AS ended_at,
       CASE WHEN bool_or(to_stage = 'won') THEN 'won' WHEN bool_or(to_stage LIKE 'l%') THEN 'lost' WHEN bool_or(NOT inside) THEN 'cleared'
            WHEN bool_or(NOT is_last AND NOT coalesce(followed, false)) THEN 'unlogged' ELSE 'open' END AS outcome,
       coalesce(max(place), 0) AS furthest, count(*) AS moves
FROM baseline_moves GROUP BY record_id, number;

CREATE OR REPLACE TEMP TABLE baseline_visits AS
SELECT record_id, movement_id, number, to_stage AS stage, "at" AS entered_at, is_last AS still_in,
       CASE WHEN followed AND next_from = to_stage THEN next_at END AS left_at,
       CASE WHEN followed AND next_from = to_stage THEN next_to END AS next_stage
FROM baseline_moves WHERE inside;
