-- US dollars; NULL: the price was not known.
ALTER TABLE attempts ADD COLUMN cost REAL;

-- What could not be read has no fingerprint: its name tells it apart.
CREATE TABLE dead_letters (
    name TEXT NOT NULL, fingerprint TEXT, stage TEXT NOT NULL, error TEXT NOT NULL,
    reason TEXT NOT NULL, added TEXT NOT NULL);
CREATE UNIQUE INDEX dead_letters_by_document ON dead_letters (coalesce(fingerprint, name));

-- For people who browse the file. Of several results of one task on one document, the newest.
CREATE VIEW newest_results AS
    SELECT fingerprint, task, result, added FROM results
    WHERE rowid IN (SELECT max(rowid) FROM results GROUP BY fingerprint, task);

CREATE VIEW figures AS
    SELECT documents.name AS document, documents.id AS document_id,
        json_extract(record.value, '$.id') AS record,
        json_extract(record.value, '$.mentions[0].span.text') AS words,
        json_extract(record.value, '$.mentions[0].span.start') AS start,
        json_extract(record.value, '$.mentions[0].span.end') AS "end",
        CAST(json_extract(record.value, '$.value') AS REAL) AS value,
        CAST(json_extract(record.value, '$.upper') AS REAL) AS upper,
        json_extract(record.value, '$.magnitude') AS magnitude,
        json_extract(record.value, '$.bound') AS bound,
        json_extract(record.value, '$.unit') AS unit,
        json_extract(record.value, '$.per') AS per,
        json_extract(record.value, '$.measure') AS measure,
        json_extract(record.value, '$.population.as_written') AS population,
        json_extract(record.value, '$.place.as_written') AS place,
        json_extract(record.value, '$.period.edtf') AS period
    FROM newest_results JOIN documents USING (fingerprint),
        json_each(newest_results.result, '$.records') AS record
    WHERE newest_results.task = 'figures';

CREATE VIEW quotations AS
    SELECT documents.name AS document, documents.id AS document_id,
        json_extract(record.value, '$.id') AS record,
        json_extract(record.value, '$.evidence.text.start') AS start,
        json_extract(record.value, '$.evidence.text.end') AS "end",
        json_extract(record.value, '$.text') AS words,
        json_extract(record.value, '$.speaker.as_written') AS speaker,
        json_extract(record.value, '$.speaker.resolved') AS speaker_resolved,
        json_extract(record.value, '$.role') AS role,
        json_extract(record.value, '$.organisation') AS organisation
    FROM newest_results JOIN documents USING (fingerprint),
        json_each(newest_results.result, '$.records') AS record
    WHERE newest_results.task = 'quotations';
