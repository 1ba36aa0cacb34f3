-- JSON, one record a line or one list: flat Parquet. Columns that are nested come out nested: name what you need of them.
copy (
    select *
    from read_json_auto('INPUT')
) to 'OUTPUT.parquet' (format parquet)
