# Devices that bring a certificate of their own authority, and devices that are
# provisioned by claim. The authority's key was thrown away.

locals {
  authority = <<-EOT
    -----BEGIN CERTIFICATE-----
    MIIBpTCCAUugAwIBAgIUJ7AhmJI/Qoze0Lj/0dm+sh5iW/MwCgYIKoZIzj0EAwIw
    JzESMBAGA1UECgwJU2hha2Vkb3duMREwDwYDVQQDDAhmbGVldCBDQTAgFw0yNjEx
    MjYwNDI3MzJaGA8yMTI2MTEwMjA0MjczMlowJzESMBAGA1UECgwJU2hha2Vkb3du
    MREwDwYDVQQDDAhmbGVldCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJZ3
    KOgsD8EfLNV73SCg6JkIBJjYoB0z2/b08EiOVxCxvWZBEC1YR4muDewgrB9zQYkF
    kGJerI38QnseUaeo1ayjUzBRMB0GA1UdDgQWBBT8tKauEROj1yYARon43g3n7Ec2
    5zAfBgNVHSMEGDAWgBT8tKauEROj1yYARon43g3n7Ec25zAPBgNVHRMBAf8EBTAD
    AQH/MAoGCCqGSM49BAMCA0gAMEUCIGpTeNxLQPP7l9FU7jUoKLsIdheIcjnIt41H
    xGNwmnfdAiEA5uz7CLI0PqU6fSjYU4V2jxbpvXsYG3AxFzryIt82z80=
    -----END CERTIFICATE-----
  EOT
  signed    = <<-EOT
    -----BEGIN CERTIFICATE-----
    MIIBODCB3wIUS/FmXVfRIlgsuycFAKxT7FwK7fkwCgYIKoZIzj0EAwIwJzESMBAG
    A1UECgwJU2hha2Vkb3duMREwDwYDVQQDDAhmbGVldCBDQTAgFw0yNjExMjYwNDI3
    MzJaGA8yMTI2MTEwMjA0MjczMlowFTETMBEGA1UEAwwKc2Vuc29yLTAwMjBZMBMG
    ByqGSM49AgEGCCqGSM49AwEHA0IABKdMv9eQCQnvs1xXF9D9p8KYMfA7qhfw8Dlc
    nIzwh3zRdloxM9ZEzAYlUbxTT7Xsf/Fbku/uUmrjL6KwxsSB29MwCgYIKoZIzj0E
    AwIDSAAwRQIhAJRNLZzPClTQw1OPM6JuEKxel30+rnhuqnDwqyDC2/k1AiB5L+0D
    /4gjTP2Km0fm/0Oszz6fYIxaaWjtVFlDJ5RGfQ==
    -----END CERTIFICATE-----
  EOT
}

resource "aws_iot_provisioning_template" "jitp" {
  name                  = "just-in-time"
  type                  = "JITP"
  enabled               = true
  provisioning_role_arn = aws_iam_role.provisioning.arn
  template_body = jsonencode({
    Parameters = { "AWS::IoT::Certificate::CommonName" = { Type = "String" }, "AWS::IoT::Certificate::Id" = { Type = "String" } }
    Resources = {
      thing       = { Type = "AWS::IoT::Thing", Properties = { ThingName = { Ref = "AWS::IoT::Certificate::CommonName" } } }
      certificate = { Type = "AWS::IoT::Certificate", Properties = { CertificateId = { Ref = "AWS::IoT::Certificate::Id" }, Status = "ACTIVE" } }
      policy      = { Type = "AWS::IoT::Policy", Properties = { PolicyName = aws_iot_policy.sensor.name } }
    }
  })
}

resource "aws_iot_ca_certificate" "fleet" {
  active                  = true
  allow_auto_registration = true
  ca_certificate_pem      = local.authority
  certificate_mode        = "SNI_ONLY"

  registration_config {
    template_name = aws_iot_provisioning_template.jitp.name
  }
}

resource "aws_iot_certificate" "signed" {
  active          = true
  certificate_pem = local.signed
  ca_pem          = aws_iot_ca_certificate.fleet.ca_certificate_pem
}

resource "aws_iot_provisioning_template" "claim" {
  name                  = "by-claim"
  description           = "sensors that ask for a certificate"
  enabled               = true
  provisioning_role_arn = aws_iam_role.provisioning.arn
  template_body = jsonencode({
    Parameters = { SerialNumber = { Type = "String" } }
    Resources = {
      thing       = { Type = "AWS::IoT::Thing", Properties = { ThingName = { "Fn::Join" = ["-", ["sensor", { Ref = "SerialNumber" }]] } } }
      certificate = { Type = "AWS::IoT::Certificate", Properties = { CertificateId = { Ref = "AWS::IoT::Certificate::Id" }, Status = "ACTIVE" } }
      policy      = { Type = "AWS::IoT::Policy", Properties = { PolicyName = aws_iot_policy.sensor.name } }
    }
  })
}

resource "aws_iot_thing_group" "site" {
  name              = "fleet-berlin"
  parent_group_name = aws_iot_thing_group.fleet.name
}

resource "aws_iot_policy_attachment" "site" {
  policy = aws_iot_policy.sensor.name
  target = aws_iot_thing_group.site.arn
}

resource "aws_iam_role" "camera" {
  name = "iot-camera-role"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow", Action = "sts:AssumeRole", Principal = { Service = "credentials.iot.amazonaws.com" }
      Condition = { ArnLike = { "aws:SourceArn" = "${local.iot}:rolealias/*" } }
    }]
  })
}

resource "aws_iot_role_alias" "camera" {
  alias               = "camera"
  role_arn            = aws_iam_role.camera.arn
  credential_duration = 1800
}
