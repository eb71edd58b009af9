# Timestream for LiveAnalytics: aws timestream-write and aws timestream-query. Both
# ask for their endpoint first and dial that over TLS, so discovery is off.
export AWS_ENABLE_ENDPOINT_DISCOVERY=false
write() { aws timestream-write "$@"; }
ask() { aws timestream-query query --query-string "$@"; }

# Databases and tables.
expect database/cli-db write create-database --database-name cli-db --tags Key=owner,Value=cli
expect alias/mine write update-database --database-name cli-db --kms-key-id alias/mine
expect '"EnableMagneticStoreWrites": false' write create-table --database-name cli-db --table-name readings \
	--retention-properties MemoryStoreRetentionPeriodInHours=24,MagneticStoreRetentionPeriodInDays=7
expect '"EnableMagneticStoreWrites": true' write update-table --database-name cli-db --table-name readings --magnetic-store-write-properties EnableMagneticStoreWrites=true
expect '"Type": "MEASURE"' write describe-table --database-name cli-db --table-name readings
refused '"MagneticStoreRejectedDataLocation" is not implemented by Shakedown' write update-table --database-name cli-db --table-name readings \
	--magnetic-store-write-properties 'EnableMagneticStoreWrites=true,MagneticStoreRejectedDataLocation={S3Configuration={BucketName=bucket}}'
expect cli-db write list-databases --max-results 1
arn=$(write describe-table --database-name cli-db --table-name readings --query Table.Arn --output text)
write tag-resource --resource-arn "$arn" --tags Key=a,Value=1 Key=b,Value=2
write untag-resource --resource-arn "$arn" --tag-keys a
expect '"Key": "b"' write list-tags-for-resource --resource-arn "$arn"
refused 'CreateBatchLoadTask is not implemented by Shakedown' write create-batch-load-task --target-database-name cli-db --target-table-name readings \
	--data-source-configuration 'DataSourceS3Configuration={BucketName=bucket},DataFormat=CSV' --report-configuration 'ReportS3Configuration={BucketName=bucket}'

# Records: one measure, many measures, a duplicate, a late one.
now=$(date +%s)
records() {
	write write-records --database-name cli-db --table-name readings --records "$1" \
		--common-attributes "{\"Dimensions\":[{\"Name\":\"device_id\",\"Value\":\"$2\"}],\"TimeUnit\":\"SECONDS\",\"MeasureName\":\"temperature\",\"MeasureValueType\":\"DOUBLE\"}"
}
expect '"MemoryStore": 3' records "[{\"Time\":\"$((now - 120))\",\"MeasureValue\":\"20\"},{\"Time\":\"$((now - 60))\",\"MeasureValue\":\"23\"},{\"Time\":\"$now\",\"MeasureValue\":\"26\"}]" a
expect '"MagneticStore": 1' records "[{\"Time\":\"$((now - 172800))\",\"MeasureValue\":\"1\"}]" b
refused RejectedRecordsException records "[{\"Time\":\"$now\",\"MeasureValue\":\"27\"}]" a
expect '"Total": 1' records "[{\"Time\":\"$now\",\"MeasureValue\":\"27\",\"Version\":2}]" a
expect '"Total": 1' records "[{\"Time\":\"$now\",\"MeasureName\":\"state\",\"MeasureValueType\":\"MULTI\",\"MeasureValues\":[{\"Name\":\"gear\",\"Value\":\"3\",\"Type\":\"BIGINT\"},{\"Name\":\"on\",\"Value\":\"true\",\"Type\":\"BOOLEAN\"}]}]" a
refused ValidationException records "[{\"Time\":\"$now\",\"MeasureValue\":\"1\",\"Dimensions\":[{\"Name\":\"device_id\",\"Value\":\"c\"}]}]" a

# Queries.
rows() { ask "$1" --query 'Rows[].Data[].ScalarValue' --output text; }
expect $'a\t23.333333333333332' rows 'SELECT device_id, avg(measure_value::double) FROM "cli-db"."readings" WHERE time > ago(24h) AND measure_name = '"'temperature'"' GROUP BY device_id'
expect $'3\ttrue' rows 'SELECT gear, "on" FROM "cli-db"."readings" WHERE gear IS NOT NULL'
expect $'27.0\t23.0\t20.0' rows 'WITH t AS (SELECT measure_value::double AS v, row_number() OVER (ORDER BY time DESC) AS n FROM "cli-db"."readings" WHERE device_id = '"'a'"' AND measure_value::double IS NOT NULL)
	SELECT v FROM t ORDER BY n'
expect TimeSeriesMeasureValueColumnInfo ask 'SELECT create_time_series(time, measure_value::double) FROM "cli-db"."readings" WHERE measure_name = '"'temperature'"' GROUP BY device_id'
refused "line 1:8: Column" ask 'SELECT nosuch FROM "cli-db"."readings"'
expect '"ScalarType": "BIGINT"' aws timestream-query prepare-query --validate-only --query-string 'SELECT count(*) FROM "cli-db"."readings"'
query=$(ask 'SELECT n FROM UNNEST(sequence(1, 50)) AS t(n)' --no-paginate --max-rows 10 --query QueryId --output text)
expect cancelled aws timestream-query cancel-query --query-id "$query"
refused 'ListScheduledQueries is not implemented by Shakedown' aws timestream-query list-scheduled-queries

# Gone.
refused ValidationException write delete-database --database-name cli-db
write delete-table --database-name cli-db --table-name readings
write delete-database --database-name cli-db
