-- The digest of an article, without its text, as the program has it: the words of the columns are those of the types.
-- The rows are put in order before they are gathered: an older SQLite, which may read a backup, cannot do it while.
CREATE VIEW digests_as_json (article_id, digest) AS
SELECT article_id, json_object(
    'headline', headline, 'summary', json(summary), 'text', '', 'warnings', json(warnings),
    'provenance', json_object('summarizer', summarizer, 'model', model, 'version', version),
    'actors', (SELECT json_group_array(json_object('name', name, 'kind', kind, 'role', role, 'mentions', json(mentions)))
               FROM (SELECT * FROM actors WHERE actors.article_id = digests.article_id ORDER BY position)),
    'dates', (SELECT json_group_array(json_object('text', text, 'start', start, 'end', "end", 'value', value,
                                          'granularity', granularity, 'until', until, 'event', event))
              FROM (SELECT * FROM dates WHERE dates.article_id = digests.article_id ORDER BY position)))
FROM digests;
