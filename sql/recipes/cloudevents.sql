-- Requests and responses that KServe or Seldon Core log as CloudEvents, one JSON event a line: flat predictions, one row for each of a
-- response's predictions, be they in the protocol's first or second version or Seldon's ndarray. Both events of a call share ID. Name the features by their place in an instance.
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
            coalesce(data -> '$.predictions', data -> '$.data.ndarray', data -> '$.outputs[0].data') as predictions,
            unnest(range(cast(json_array_length(coalesce(data -> '$.predictions', data -> '$.data.ndarray', data -> '$.outputs[0].data')) as bigint))) as n
        from events
        where type like '%inference.response'
    )
    select
        responses.request_id || '-' || responses.n as prediction_id,
        responses.request_id,
        coalesce(requests.at, responses.at) as predicted_at,
        try_cast(coalesce(responses.predictions ->> ('$[' || responses.n || '][0]'), responses.predictions ->> ('$[' || responses.n || ']')) as double) as score,
        try_cast(coalesce(requests.data -> '$.instances', requests.data -> '$.data.ndarray', requests.data -> '$.inputs[0].data') ->> ('$[' || responses.n || '][0]') as double) as feature_1
    from responses
    left join (select * from events where type like '%inference.request') as requests on responses.request_id = requests.request_id
) to 'predictions.parquet' (format parquet)
