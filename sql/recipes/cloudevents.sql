-- Requests and responses that KServe or Seldon Core log as CloudEvents, one JSON event a line: flat predictions, one row for each of a
-- response's predictions. Both events of a call share ID. Name the features by their place in an instance.
copy (
    with events as (
        select
            ID as request_id,
            type,
            cast(time as timestamptz) as at,
            data
        from read_json('INPUT', format = 'newline_delimited', columns = {ID: 'varchar', type: 'varchar', time: 'varchar', data: 'json'})
    ),
    responses as (
        select
            events.*,
            unnest(range(cast(json_array_length(data, '$.predictions') as bigint))) as n
        from events
        where type like '%inference.response'
    )
    select
        responses.request_id || '-' || responses.n as prediction_id,
        responses.request_id,
        coalesce(requests.at, responses.at) as predicted_at,
        try_cast(responses.data ->> ('$.predictions[' || responses.n || ']') as double) as score,
        try_cast(requests.data ->> ('$.instances[' || responses.n || '][0]') as double) as feature_1
    from responses
    left join (select * from events where type like '%inference.request') as requests on responses.request_id = requests.request_id
) to 'predictions.parquet' (format parquet)
