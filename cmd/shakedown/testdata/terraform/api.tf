# The device management API.

resource "aws_apigatewayv2_api" "devices" {
  name          = "iot-devices"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "devices" {
  api_id                 = aws_apigatewayv2_api.devices.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.pipeline["iot-device-api"].arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "devices" {
  for_each  = toset(["GET /devices", "GET /devices/{deviceId}", "POST /devices/{deviceId}/commands"])
  api_id    = aws_apigatewayv2_api.devices.id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.devices.id}"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.devices.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_lambda_permission" "api" {
  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.pipeline["iot-device-api"].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.devices.execution_arn}/*/*"
}
