-- SageMaker data capture, one JSON record a line: flat predictions. Name the features in the order in which the endpoint takes them.
copy (
    with records as (
        select
            coalesce(eventMetadata.inferenceId, eventMetadata.eventId) as prediction_id,
            cast(eventMetadata.inferenceTime as timestamptz) as predicted_at,
            case captureData.endpointOutput.encoding when 'BASE64' then decode(from_base64(captureData.endpointOutput.data)) else captureData.endpointOutput.data end as output,
            case captureData.endpointInput.encoding when 'BASE64' then decode(from_base64(captureData.endpointInput.data)) else captureData.endpointInput.data end as input,
        from read_json('INPUT', format = 'newline_delimited', columns = {
            captureData: 'struct(endpointInput struct(data varchar, encoding varchar), endpointOutput struct(data varchar, encoding varchar))',
            eventMetadata: 'struct(eventId varchar, inferenceId varchar, inferenceTime varchar)'
        })
    )
    select
        prediction_id,
        predicted_at,
        try_cast(trim(split_part(output, ',', 1), e' \n\r[]') as double) as score,
        try_cast(split_part(input, ',', 1) as double) as feature_1,
        try_cast(split_part(input, ',', 2) as double) as feature_2
    from records
) to 'predictions.parquet' (format parquet)
