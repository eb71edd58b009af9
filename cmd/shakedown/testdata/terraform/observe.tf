# What rules write for people to read: log events, metrics, objects through Firehose.

resource "aws_cloudwatch_log_group" "devices" {
  name              = "/iot/devices"
  retention_in_days = 14
}

resource "aws_cloudwatch_log_stream" "devices" {
  name           = "gateway"
  log_group_name = aws_cloudwatch_log_group.devices.name
}

resource "aws_kinesis_firehose_delivery_stream" "archive" {
  name        = "iot-archive"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn            = aws_iam_role.firehose.arn
    bucket_arn          = aws_s3_bucket.archive.arn
    prefix              = "telemetry/!{timestamp:yyyy/MM/dd}/"
    error_output_prefix = "failed/!{firehose:error-output-type}/"
    buffering_size      = 64
    buffering_interval  = 60
    compression_format  = "GZIP"

    processing_configuration {
      enabled = true

      processors {
        type = "AppendDelimiterToRecord"

        parameters {
          parameter_name  = "Delimiter"
          parameter_value = "\\n"
        }
      }
    }
  }

  depends_on = [aws_iam_role_policy.firehose]
}

resource "aws_kinesis_firehose_delivery_stream" "stream_archive" {
  name        = "iot-stream-archive"
  destination = "extended_s3"

  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.telemetry.arn
    role_arn           = aws_iam_role.firehose.arn
  }

  extended_s3_configuration {
    role_arn   = aws_iam_role.firehose.arn
    bucket_arn = aws_s3_bucket.archive.arn
    prefix     = "stream/"

    processing_configuration {
      enabled = true

      processors {
        type = "Lambda"

        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = "${aws_lambda_function.pipeline["iot-device-status"].arn}:$LATEST"
        }

        parameters {
          parameter_name  = "BufferSizeInMBs"
          parameter_value = "0.5"
        }

        parameters {
          parameter_name  = "BufferIntervalInSeconds"
          parameter_value = "30"
        }
      }
    }
  }

  depends_on = [aws_iam_role_policy.firehose]
}

resource "aws_iot_topic_rule" "observe" {
  name        = "Observe"
  enabled     = true
  sql         = "SELECT * FROM 'devices/+/log'"
  sql_version = "2016-03-23"

  cloudwatch_logs {
    log_group_name = aws_cloudwatch_log_group.devices.name
    role_arn       = aws_iam_role.rules.arn
    batch_mode     = true
  }

  cloudwatch_metric {
    metric_name      = "battery"
    metric_namespace = "Fleet"
    metric_unit      = "Percent"
    metric_value     = "$${battery}"
    role_arn         = aws_iam_role.rules.arn
  }

  firehose {
    delivery_stream_name = aws_kinesis_firehose_delivery_stream.archive.name
    role_arn             = aws_iam_role.rules.arn
    separator            = "\n"
    batch_mode           = false
  }
}

resource "aws_iot_logging_options" "devices" {
  default_log_level = "WARN"
  role_arn          = aws_iam_role.rules.arn
}
