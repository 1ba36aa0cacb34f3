-- SageMaker ground truth, one JSON record a line: flat outcomes. A record has no time of its own: the folder of its file, yyyy/mm/dd/hh, says
-- when it was delivered, which is the best that is known of when it happened; a better column of your own is worth more.
copy (
    select
        eventMetadata.eventId as prediction_id,
        try_cast(groundTruthData.data as double) as label,
        try_strptime(regexp_extract(filename, '(\d{4}/\d{2}/\d{2}/\d{2})', 1), '%Y/%m/%d/%H') at time zone 'UTC' as delivered_at
    from read_json('INPUT', format = 'newline_delimited', filename = true, columns = {
        groundTruthData: 'struct(data varchar, encoding varchar)',
        eventMetadata: 'struct(eventId varchar)'
    })
) to 'outcomes.parquet' (format parquet)
