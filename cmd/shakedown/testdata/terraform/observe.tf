# What rules write for people to read: log events and metrics.

resource "aws_cloudwatch_log_group" "devices" {
  name              = "/iot/devices"
  retention_in_days = 14
}

resource "aws_cloudwatch_log_stream" "devices" {
  name           = "gateway"
  log_group_name = aws_cloudwatch_log_group.devices.name
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
}
