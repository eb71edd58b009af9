# API Gateway: an HTTP API.
api=$(aws apigatewayv2 create-api --name cli-api --protocol-type HTTP --query ApiId --output text)
integration=$(aws apigatewayv2 create-integration --api-id "$api" --integration-type AWS_PROXY --payload-format-version 2.0 --integration-uri arn:aws:lambda:us-east-1:000000000000:function:iot-device-api --query IntegrationId --output text)
expect '"RouteKey": "GET /devices/{id}"' aws apigatewayv2 create-route --api-id "$api" --route-key 'GET /devices/{id}' --target "integrations/$integration"
expect '"AutoDeploy": true' aws apigatewayv2 create-stage --api-id "$api" --stage-name '$default' --auto-deploy
refused ConflictException aws apigatewayv2 create-route --api-id "$api" --route-key 'GET /devices/{id}' --target "integrations/$integration"
refused BadRequestException aws apigatewayv2 create-route --api-id "$api" --route-key 'FETCH it'
refused NotFoundException aws apigatewayv2 get-api --api-id none
expect '"GET /devices/{id}"' aws apigatewayv2 get-routes --api-id "$api" --page-size 1
expect '"Items": []' aws apigatewayv2 get-stages --api-id "$api" --max-results 1 --next-token 5
refused 'not of this account' aws apigatewayv2 create-integration --api-id "$api" --integration-type AWS_PROXY --payload-format-version 2.0 --integration-uri arn:aws:lambda:eu-west-1:000000000000:function:f
refused corsConfiguration aws apigatewayv2 update-api --api-id "$api" --cors-configuration AllowOrigins=https://example.com
refused stageVariables aws apigatewayv2 update-stage --api-id "$api" --stage-name '$default' --stage-variables a=b
aws apigatewayv2 tag-resource --resource-arn "arn:aws:apigateway:us-east-1::/apis/$api" --tags team=a
expect '"team": "a"' aws apigatewayv2 get-api --api-id "$api"
aws apigatewayv2 delete-api --api-id "$api"
