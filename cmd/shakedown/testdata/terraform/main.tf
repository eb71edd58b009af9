# The source document's whole architecture, with the stock AWS provider against
# `shakedown up --pipeline none`: `make test-terraform` applies it, plans it again
# (no change) and destroys it.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "endpoint" {
  type    = string
  default = "http://127.0.0.1:4566"
}

# The zip of the stream processor's bootstrap, as `make lambda` builds it.
variable "bootstrap" {
  type = string
}

provider "aws" {
  region            = "us-east-1"
  access_key        = "test"
  secret_key        = "test"
  s3_use_path_style = true

  endpoints {
    apigatewayv2    = var.endpoint
    dynamodb        = var.endpoint
    firehose        = var.endpoint
    iam             = var.endpoint
    iot             = var.endpoint
    kinesis         = var.endpoint
    lambda          = var.endpoint
    logs            = var.endpoint
    s3              = var.endpoint
    scheduler       = var.endpoint
    sns             = var.endpoint
    sqs             = var.endpoint
    sts             = var.endpoint
    timestreamwrite = var.endpoint
  }

  default_tags {
    tags = { project = "shakedown" }
  }
}

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

data "aws_iot_endpoint" "data" {
  endpoint_type = "iot:Data-ATS"
}

output "account" {
  value = data.aws_caller_identity.current.account_id
}

output "iot_endpoint" {
  value = data.aws_iot_endpoint.data.endpoint_address
}
