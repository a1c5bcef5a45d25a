-- The searched text of every contact looked through once, by the engine alone.
SELECT count(*) FROM contacts WHERE contains(search_text, ?)
