# The roles that AWS wants; Shakedown keeps them and does not evaluate them.

resource "aws_iam_role" "rules" {
  name = "iot-rules-role"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "iot.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "rules" {
  name = "targets"
  role = aws_iam_role.rules.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["kinesis:PutRecord", "s3:PutObject", "sns:Publish"], Resource = "*" }]
  })
}

resource "aws_iam_role" "functions" {
  name = "iot-functions-role"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["lambda.amazonaws.com", "scheduler.amazonaws.com"] } }]
  })
}

resource "aws_iam_policy" "functions" {
  name = "iot-functions"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["kinesis:*", "dynamodb:*", "timestream:*", "sns:Publish", "sqs:SendMessage"], Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "functions" {
  role       = aws_iam_role.functions.name
  policy_arn = aws_iam_policy.functions.arn
}
