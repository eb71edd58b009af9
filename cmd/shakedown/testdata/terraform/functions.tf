# Steps 4 and 5: the functions, their trigger, the schedule of the offline sweep.

locals {
  functions = toset(["iot-stream-processor", "iot-alert-handler", "iot-device-status", "iot-offline-sweep", "iot-device-api"])
}

resource "aws_lambda_function" "pipeline" {
  for_each      = local.functions
  function_name = each.key
  role          = aws_iam_role.functions.arn
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  architectures = ["x86_64"]
  filename      = var.bootstrap
  timeout       = 30
  memory_size   = 256
  publish       = each.key == "iot-device-api"

  logging_config {
    log_format = "Text"
    log_group  = "/fleet/functions"
  }

  environment {
    variables = { DEAD_LETTER_QUEUE_URL = aws_sqs_queue.dead.url }
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.pipeline["iot-device-api"].function_name
  function_version = "1"
  # canary: terraform.sh puts a routing_config here when there is a version 2.
}

resource "aws_lambda_event_source_mapping" "telemetry" {
  event_source_arn               = aws_kinesis_stream.telemetry.arn
  function_name                  = aws_lambda_function.pipeline["iot-stream-processor"].arn
  starting_position              = "TRIM_HORIZON"
  batch_size                     = 100
  parallelization_factor         = 2
  maximum_retry_attempts         = 10
  bisect_batch_on_function_error = true
  function_response_types        = ["ReportBatchItemFailures"]
  maximum_record_age_in_seconds  = 3600

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.dead.arn
    }
  }

  depends_on = [aws_iam_role_policy_attachment.functions]
}

resource "aws_lambda_event_source_mapping" "windows" {
  event_source_arn           = aws_kinesis_stream.telemetry.arn
  function_name              = aws_lambda_function.pipeline["iot-device-status"].arn
  starting_position          = "LATEST"
  tumbling_window_in_seconds = 60

  depends_on = [aws_iam_role_policy_attachment.functions]
}

resource "aws_lambda_event_source_mapping" "alerts" {
  event_source_arn                   = aws_sqs_queue.alerts.arn
  function_name                      = aws_lambda_function.pipeline["iot-alert-handler"].arn
  batch_size                         = 20
  maximum_batching_window_in_seconds = 5
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 4
  }

  filter_criteria {
    filter {
      pattern = jsonencode({ body = { severity = ["CRITICAL"] } })
    }
  }

  depends_on = [aws_iam_role_policy_attachment.functions]
}

resource "aws_lambda_permission" "rules" {
  for_each      = toset(["iot-alert-handler", "iot-device-status"])
  statement_id  = "iot"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.pipeline[each.key].function_name
  principal     = "iot.amazonaws.com"
  source_arn    = "${local.iot}:rule/*"
}

resource "aws_scheduler_schedule" "sweep" {
  name                = "iot-offline-sweep"
  schedule_expression = "rate(1 minute)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.pipeline["iot-offline-sweep"].arn
    role_arn = aws_iam_role.functions.arn

    dead_letter_config {
      arn = aws_sqs_queue.dead.arn
    }
  }
}
