# Step 1: a Thing, its certificate, and the policy that lets it speak for itself.

resource "aws_iot_thing_type" "sensor" {
  name = "sensor"
}

resource "aws_iot_thing" "sensor" {
  name            = "sensor-001"
  thing_type_name = aws_iot_thing_type.sensor.name
  attributes      = { site = "berlin" }
}

resource "aws_iot_thing_group" "fleet" {
  name = "fleet"
}

resource "aws_iot_thing_group_membership" "sensor" {
  thing_name       = aws_iot_thing.sensor.name
  thing_group_name = aws_iot_thing_group.fleet.name
}

resource "aws_iot_certificate" "sensor" {
  active = true
}

locals {
  iot = "arn:aws:iot:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
}

resource "aws_iot_policy" "sensor" {
  name = "SensorPolicy"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iot:Connect", Resource = "${local.iot}:client/$${iot:Connection.Thing.ThingName}" },
      { Effect = "Allow", Action = "iot:Publish", Resource = [
        "${local.iot}:topic/devices/$${iot:Connection.Thing.ThingName}/telemetry",
        "${local.iot}:topic/devices/$${iot:Connection.Thing.ThingName}/status",
      ] },
      { Effect = "Allow", Action = "iot:Subscribe", Resource = "${local.iot}:topicfilter/devices/$${iot:Connection.Thing.ThingName}/commands" },
      { Effect = "Allow", Action = "iot:Receive", Resource = "${local.iot}:topic/devices/$${iot:Connection.Thing.ThingName}/commands" },
    ]
  })
}

resource "aws_iot_policy_attachment" "sensor" {
  policy = aws_iot_policy.sensor.name
  target = aws_iot_certificate.sensor.arn
}

resource "aws_iot_thing_principal_attachment" "sensor" {
  thing     = aws_iot_thing.sensor.name
  principal = aws_iot_certificate.sensor.arn
}
