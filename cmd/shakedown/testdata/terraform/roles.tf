# The roles; what the rules' actions may do is decided by theirs.

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
    Statement = [{ Effect = "Allow", Action = ["kinesis:PutRecord", "s3:PutObject", "sns:Publish", "sqs:SendMessage", "dynamodb:PutItem", "timestream:WriteRecords", "timestream:DescribeEndpoints", "logs:DescribeLogStreams", "logs:CreateLogStream", "logs:PutLogEvents", "cloudwatch:PutMetricData", "firehose:PutRecord"], Resource = "*" }]
  })
}

resource "aws_iam_role" "provisioning" {
  name = "iot-provisioning-role"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "iot.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "provisioning" {
  role       = aws_iam_role.provisioning.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSIoTThingsRegistration"
}

resource "aws_iam_role" "firehose" {
  name = "iot-firehose-role"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "firehose.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "firehose" {
  name = "source-and-archive"
  role = aws_iam_role.firehose.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:PutObject", "kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:ListShards", "lambda:InvokeFunction"], Resource = "*" }]
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
    Statement = [{ Effect = "Allow", Action = ["kinesis:*", "dynamodb:*", "timestream:*", "sns:Publish", "sqs:*", "lambda:InvokeFunction"], Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "functions" {
  role       = aws_iam_role.functions.name
  policy_arn = aws_iam_policy.functions.arn
}
