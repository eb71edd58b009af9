# Step 3: the three rules, with an error action.

resource "aws_iot_topic_rule" "telemetry" {
  name        = "TelemetryToKinesis"
  enabled     = true
  sql         = "SELECT * FROM 'devices/+/telemetry'"
  sql_version = "2016-03-23"

  kinesis {
    stream_name   = aws_kinesis_stream.telemetry.name
    partition_key = "$${topic(2)}"
    role_arn      = aws_iam_role.rules.arn
  }

  error_action {
    sns {
      target_arn     = aws_sns_topic.alerts.arn
      role_arn       = aws_iam_role.rules.arn
      message_format = "RAW"
    }
  }
}

resource "aws_iot_topic_rule" "alert" {
  name        = "HighTemperatureAlert"
  description = "readings over 40 degrees"
  enabled     = true
  sql         = "SELECT * FROM 'devices/+/telemetry' WHERE data.temperature > 40"
  sql_version = "2016-03-23"

  lambda {
    function_arn = aws_lambda_function.pipeline["iot-alert-handler"].arn
  }
}

resource "aws_iot_topic_rule" "archive" {
  name        = "ArchiveToS3"
  enabled     = true
  sql         = "SELECT * FROM 'devices/+/telemetry'"
  sql_version = "2016-03-23"

  s3 {
    bucket_name = aws_s3_bucket.archive.bucket
    key         = "$${topic()}/$${timestamp()}"
    role_arn    = aws_iam_role.rules.arn
  }
}
