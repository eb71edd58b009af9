"""The Python runtime of Shakedown: it fetches invocations from the Lambda Runtime
API and calls the handler that _HANDLER names, as in "app.handler"."""
import http.client
import importlib
import json
import os
import sys
import time
import traceback

API = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def request(method, target, body=None, headers={}):
    API.request(method, "/2018-06-01/runtime/" + target, body, headers)
    answer = API.getresponse()
    return answer.headers, answer.read()


class Named:
    """What a mobile client sends, by attribute: a member that is not there is None."""

    def __init__(self, members, *names):
        for name in names:
            setattr(self, name, members.get(name))


def client_context(text):
    """The ClientContext of an invocation.
    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""
    members = json.loads(text)
    context = Named(members, "custom", "env", "client")
    if context.client is not None:
        context.client = Named(context.client, "installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")
    return context


class Context:
    def __init__(self, headers):
        env = os.environ
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = env["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = env["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = env["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = env["AWS_LAMBDA_LOG_STREAM_NAME"]
        client = headers.get("Lambda-Runtime-Client-Context")
        self.client_context = client_context(client) if client else None
        self.identity = Named({}, "cognito_identity_id", "cognito_identity_pool_id")
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline - int(time.time() * 1000), 0)


def fail(target, err, kind=None, id=None):
    kind = kind or type(err).__name__
    own = [frame for frame in traceback.extract_tb(err.__traceback__) if frame.filename != __file__]
    shape = {"errorMessage": str(err), "errorType": kind, "stackTrace": traceback.format_list(own)}
    if id:
        shape["requestId"] = id
    body = json.dumps(shape)
    print("[ERROR] " + body, flush=True)
    request("POST", target, body, {"Lambda-Runtime-Function-Error-Type": kind})


def load():
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    try:
        loaded = importlib.import_module(module.replace("/", "."))
    except SyntaxError as err:
        fail("init/error", ValueError(f"Syntax error in module '{module}': {err}"), "Runtime.UserCodeSyntaxError")
        sys.exit(1)
    except (ImportError, ValueError) as err:
        fail("init/error", ImportError(f"Unable to import module '{module}': {err}"), "Runtime.ImportModuleError")
        sys.exit(1)
    except Exception as err:
        fail("init/error", err)
        sys.exit(1)
    handler = getattr(loaded, name, None)
    if handler is None:
        fail("init/error", AttributeError(f"Handler '{name}' missing on module '{module}'"), "Runtime.HandlerNotFound")
        sys.exit(1)
    return handler


def main():
    handler = load()
    while True:
        headers, body = request("GET", "invocation/next")
        id = headers["Lambda-Runtime-Aws-Request-Id"]
        call = "invocation/" + id
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
        try:
            answer = handler(json.loads(body), Context(headers))
        except Exception as err:
            fail(call + "/error", err, id=id)
            continue
        finally:
            sys.stdout.flush()
        try:
            result = json.dumps(answer)
        except Exception as err:
            fail(call + "/error", ValueError(f"Unable to marshal response: {err}"), "Runtime.MarshalError", id)
            continue
        request("POST", call + "/response", result)


main()
