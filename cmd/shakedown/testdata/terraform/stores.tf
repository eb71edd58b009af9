# Stream, tables, archive, topic and dead-letter queue.

resource "aws_kinesis_stream" "telemetry" {
  name             = "iot-telemetry"
  shard_count      = 2
  retention_period = 48
}

resource "aws_dynamodb_table" "devices" {
  name         = "iot-devices"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "PK"
  range_key    = "SK"

  dynamic "attribute" {
    for_each = ["PK", "SK", "GSI1PK", "GSI1SK"]
    content {
      name = attribute.value
      type = "S"
    }
  }

  global_secondary_index {
    name            = "GSI1"
    hash_key        = "GSI1PK"
    range_key       = "GSI1SK"
    projection_type = "ALL"
  }
}

# Settings that are common and do not change what a table answers, and a maximum.
resource "aws_dynamodb_table" "firmware" {
  name                        = "iot-firmware"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "version"
  table_class                 = "STANDARD_INFREQUENT_ACCESS"
  deletion_protection_enabled = false

  attribute {
    name = "version"
    type = "S"
  }

  attribute {
    name = "model"
    type = "S"
  }

  global_secondary_index {
    name            = "by-model"
    hash_key        = "model"
    projection_type = "KEYS_ONLY"

    on_demand_throughput {
      max_read_request_units  = 50
      max_write_request_units = 50
    }
  }

  on_demand_throughput {
    max_read_request_units = 100
  }

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 7
  }

  server_side_encryption {
    enabled = true
  }
}

resource "aws_dynamodb_table" "commands" {
  name                        = "iot-commands"
  billing_mode                = "PROVISIONED"
  read_capacity               = 5
  write_capacity              = 5
  deletion_protection_enabled = false
  hash_key                    = "thing"
  range_key                   = "id"
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"

  dynamic "attribute" {
    for_each = { thing = "S", id = "S", at = "N" }
    content {
      name = attribute.key
      type = attribute.value
    }
  }

  local_secondary_index {
    name               = "by-time"
    range_key          = "at"
    projection_type    = "INCLUDE"
    non_key_attributes = ["status"]
  }

  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  tags = { fleet = "north" }
}

# What is there before the first command: an item that a change edits in place.
resource "aws_dynamodb_table_item" "seed" {
  table_name = aws_dynamodb_table.commands.name
  hash_key   = aws_dynamodb_table.commands.hash_key
  range_key  = aws_dynamodb_table.commands.range_key
  item = jsonencode({
    thing  = { S = "sensor-001" }, id = { S = "c-1" }, at = { N = "1" }, status = { S = "pending" }
    params = { M = { interval = { N = "30" }, topics = { L = [{ S = "a" }, { BOOL = true }, { NULL = true }] } } }
  })
}

resource "aws_s3_bucket" "configuration" {
  bucket        = "iot-configuration"
  force_destroy = true
}

resource "aws_s3_object" "configuration" {
  bucket       = aws_s3_bucket.configuration.id
  key          = "sensor.json"
  content      = jsonencode({ interval = 30 })
  content_type = "application/json"
  tags         = { stage = "draft" }
}

resource "aws_s3_object_copy" "configuration" {
  bucket            = aws_s3_bucket.configuration.id
  key               = "released/sensor.json"
  source            = "${aws_s3_bucket.configuration.id}/${aws_s3_object.configuration.key}"
  tagging_directive = "REPLACE"
}

resource "aws_s3_bucket" "archive" {
  bucket        = "iot-raw-archive"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "archive" {
  bucket = aws_s3_bucket.archive.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "archive" {
  bucket                  = aws_s3_bucket.archive.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_timestreamwrite_database" "iot" {
  database_name = "iot-data"
  tags          = { owner = "fleet" }
}

resource "aws_timestreamwrite_table" "telemetry" {
  database_name = aws_timestreamwrite_database.iot.database_name
  table_name    = "telemetry"
  retention_properties {
    memory_store_retention_period_in_hours  = 24
    magnetic_store_retention_period_in_days = 7
  }
  magnetic_store_write_properties {
    enable_magnetic_store_writes = true
  }
  schema {
    composite_partition_key {
      type                  = "DIMENSION"
      name                  = "device_id"
      enforcement_in_record = "REQUIRED"
    }
  }
  tags = { owner = "fleet" }
}

resource "aws_sns_topic" "alerts" {
  name = "iot-alerts"
}

resource "aws_sqs_queue" "dead" {
  name                      = "iot-dead-letters"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "alerts" {
  name                       = "alerts"
  visibility_timeout_seconds = 60
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue_policy" "alerts" {
  queue_url = aws_sqs_queue.alerts.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow", Principal = { Service = "sns.amazonaws.com" }, Action = "sqs:SendMessage", Resource = aws_sqs_queue.alerts.arn,
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.alerts.arn } }
      }, {
      Effect    = "Allow", Principal = { Service = "s3.amazonaws.com" }, Action = "sqs:SendMessage", Resource = aws_sqs_queue.alerts.arn,
      Condition = { ArnLike = { "aws:SourceArn" = aws_s3_bucket.archive.arn } }
    }]
  })
}

resource "aws_sns_topic_subscription" "alerts" {
  topic_arn            = aws_sns_topic.alerts.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.alerts.arn
  raw_message_delivery = true
  filter_policy        = jsonencode({ severity = ["CRITICAL", "WARNING"] })
}

resource "aws_s3_bucket_notification" "archive" {
  depends_on = [aws_sqs_queue_policy.alerts]
  bucket     = aws_s3_bucket.archive.id
  queue {
    queue_arn     = aws_sqs_queue.alerts.arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "alerts/"
    filter_suffix = ".json"
  }
}

resource "aws_s3_bucket_ownership_controls" "archive" {
  bucket = aws_s3_bucket.archive.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "archive" {
  depends_on = [aws_s3_bucket_public_access_block.archive]
  bucket     = aws_s3_bucket.archive.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TLSOnly", Effect = "Deny", Principal = "*", Action = "s3:*", Resource = [aws_s3_bucket.archive.arn, "${aws_s3_bucket.archive.arn}/*"],
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Buckets", Effect = "Allow", Principal = { Service = "s3.amazonaws.com" }, Action = "sns:Publish", Resource = aws_sns_topic.alerts.arn,
      Condition = { ArnLike = { "aws:SourceArn" = aws_s3_bucket.archive.arn } }
    }]
  })
}
