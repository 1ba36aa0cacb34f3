-- Databricks inference table: a row is a call, its request and response are JSON, and a call may be of many rows: flat predictions, one row
-- each. A call of which the payload was too large to log has no rows here. REQUEST_ID, AT and the features are yours to name.
copy (
    with calls as (
        select
            REQUEST_ID as request_id,
            AT as predicted_at,
            cast(response as json) as response,
            cast(request as json) as request
        from read_parquet('INPUT')
        where response is not null
    )
    select
        request_id || '-' || n as prediction_id,
        request_id,
        predicted_at,
        try_cast(response ->> ('$.predictions[' || n || ']') as double) as score,
        try_cast(request ->> ('$.dataframe_records[' || n || '].FEATURE') as double) as FEATURE
    from (
        select
            calls.*,
            unnest(range(cast(json_array_length(response, '$.predictions') as bigint))) as n
        from calls
    ) as rows
) to 'predictions.parquet' (format parquet)
