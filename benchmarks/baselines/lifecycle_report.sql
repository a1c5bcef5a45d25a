-- The figures of a lifecycle report by hand, over the journeys and visits that there are: how they ended and how far they came, who
-- was lost where, the times in the stages with their medians, how many contacts, and the same of the period before.
SELECT outcome, furthest, count(*), coalesce(sum(length_ms) FILTER (NOT at_once), 0), count(length_ms) FILTER (NOT at_once)
FROM journeys WHERE entered_at__day BETWEEN $first AND $last GROUP BY outcome, furthest;

SELECT end_stage, last_stage, count(*)
FROM journeys WHERE entered_at__day BETWEEN $first AND $last AND outcome = 'lost' GROUP BY end_stage, last_stage;

SELECT stage, count(*) FILTER (last_of_stage), sum(stage_ms) / nullif(count(stage_ms), 0), count(*) FILTER (still_in)
FROM stage_visits WHERE journey_entered_at__day BETWEEN $first AND $last GROUP BY stage;

SELECT stage, median(stage_ms)
FROM stage_visits WHERE journey_entered_at__day BETWEEN $first AND $last AND stage_ms IS NOT NULL GROUP BY stage;

SELECT count(DISTINCT record_id) FROM journeys WHERE entered_at__day BETWEEN $first AND $last;

SELECT outcome, furthest, count(*), coalesce(sum(length_ms) FILTER (NOT at_once), 0), count(length_ms) FILTER (NOT at_once)
FROM journeys WHERE entered_at__day BETWEEN $first - ($last - $first + 1)::INT AND $first - 1 GROUP BY outcome, furthest;
