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
        self.client_context = json.loads(client) if client else None
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline - int(time.time() * 1000), 0)


def fail(target, err, kind=None):
    kind = kind or type(err).__name__
    body = json.dumps({
        "errorMessage": str(err), "errorType": kind,
        "stackTrace": traceback.format_tb(err.__traceback__),
    })
    print("[ERROR] " + body, flush=True)
    request("POST", target, body, {"Lambda-Runtime-Function-Error-Type": kind})


def load():
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    try:
        loaded = importlib.import_module(module.replace("/", "."))
    except (ImportError, ValueError) as err:
        fail("init/error", err, "Runtime.ImportModuleError")
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
        call = "invocation/" + headers["Lambda-Runtime-Aws-Request-Id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
        try:
            result = json.dumps(handler(json.loads(body), Context(headers)))
        except Exception as err:
            fail(call + "/error", err)
            continue
        finally:
            sys.stdout.flush()
        request("POST", call + "/response", result)


main()
