-- a score of five rules over all contacts, summed, as somebody would write it by hand
SELECT CAST(sum(
    CASE WHEN "lifecyclestage" IN ('hot_lead', 'payment') THEN 20 ELSE 0 END
  + CASE WHEN lower("city") IN ('paris', 'lyon') THEN 10 ELSE 0 END
  + CASE WHEN "hubspotscore" > 20 THEN 15 ELSE 0 END
  + CASE WHEN "email" IS NULL THEN -10 ELSE 0 END
  + CASE WHEN "hs_analytics_source" = 'ORGANIC_SEARCH' THEN 5 ELSE 0 END) AS BIGINT)
FROM contacts
