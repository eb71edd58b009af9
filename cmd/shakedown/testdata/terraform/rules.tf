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

resource "aws_iot_topic_rule" "stores" {
  name        = "IntoEveryStore"
  enabled     = true
  sql         = "SET @id = topic(2) SELECT *, @id AS id FROM 'stores/+'"
  sql_version = "2016-03-23"

  sqs {
    queue_url  = aws_sqs_queue.dead.id
    role_arn   = aws_iam_role.rules.arn
    use_base64 = false
  }

  dynamodb {
    table_name      = "whole"
    hash_key_field  = "id"
    hash_key_value  = "$${@id}"
    range_key_field = "at"
    range_key_value = "$${timestamp()}"
    range_key_type  = "NUMBER"
    role_arn        = aws_iam_role.rules.arn
  }

  dynamodbv2 {
    put_item {
      table_name = "columns"
    }
    role_arn = aws_iam_role.rules.arn
  }

  timestream {
    database_name = "metrics"
    table_name    = "telemetry"
    role_arn      = aws_iam_role.rules.arn

    dimension {
      name  = "device"
      value = "$${@id}"
    }

    timestamp {
      unit  = "MILLISECONDS"
      value = "$${timestamp()}"
    }
  }

  http {
    url              = "https://127.0.0.1:8443/stores"
    confirmation_url = "https://127.0.0.1:8443"

    http_header {
      key   = "Device"
      value = "$${@id}"
    }
  }
}
